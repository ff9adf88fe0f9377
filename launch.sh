# Read by the scripts that start a module of this checkout; no command by itself.
#
# launch NAME MODULE WHAT JVM-OPTION... -- MAIN ARGUMENT...
#   NAME      of the calling script, before its messages
#   MODULE    whose jar is started; its jar is called jwks-cache-MODULE.jar and names its class path
#   WHAT      is built, for messages
#
# Builds the module when it is missing or older than the sources; JWKS_CACHE_NO_BUILD=1 starts what is there and never
# builds. Needs $root, where the checkout is. Ends with status 2 where it cannot start anything.

fail() {
    echo "$name: $*" >&2
    exit 2
}

# find_java, options_for, archive_of, make_archive: a distribution of the sidecar has the same.
. "$root/sidecar/src/main/launch/java.sh"

is_there() {
    [ -f "$jar" ] && [ -d "$target/lib" ]
}

# The newer of the jar and of the mark that a build left must be newer than every source.
is_built() {
    is_there || return 1
    local mark=$jar
    [ "$built" -nt "$jar" ] && mark=$built
    local newer sources=(core testkit "$module")
    [ "$module" = bench ] && sources+=(redis)
    [ "$module" = sidecar ] && sources+=(redis micrometer)
    newer=$(cd "$root" && find pom.xml "${sources[@]/%//pom.xml}" "${sources[@]/%//src/main}" -newer "$mark" -print 2>&1)
    [ -z "$newer" ]
}

build() {
    command -v mvn >/dev/null || fail "mvn is needed to build $what once; install Maven 3.8.7 or later"
    echo "$name: building $what (only when the sources are new; the first time takes a minute or more)" >&2
    local mark log
    mark=$(mktemp) && log=$(mktemp) || fail "no temporary file can be made"
    # What an earlier version needed must not stay on the class path.
    rm -rf "$target/lib"
    if ! (cd "$root" && mvn -q -B -pl "$module" -am package -Dmaven.test.skip=true -Dspotless.check.skip \
        -Dspotless.apply.skip -Djacoco.skip -Denforcer.skip) >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$mark" "$log"
        fail "the build failed; Maven's output is above"
    fi
    # As old as the beginning of the build: what was edited meanwhile is built next time.
    touch -r "$mark" "$built"
    rm -f "$mark" "$log"
    is_there || fail "the build left no $jar"
    # For the next starts of the command line; what is wrong with it is no matter here.
    [ "$module" != sidecar ] || make_archive "$jar" "$target" >/dev/null || rm -f "$target/jwks-cache.jsa"
}

launch() {
    local name=$1 module=$2 what=$3 options=() java
    shift 3
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    local target=$root/$module/target
    local jar=$target/jwks-cache-$module.jar built=$target/launcher-built
    find_java
    if [ -n "${JWKS_CACHE_NO_BUILD:-}" ]; then
        is_there || fail "not built yet, and JWKS_CACHE_NO_BUILD forbids to build"
    elif ! is_built; then
        build
    fi
    exec "$java" "${options[@]}" -cp "$jar" "$@"
}
