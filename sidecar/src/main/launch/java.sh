# Read by the scripts that start jwks-cache, in a checkout and in a distribution; no command by itself. POSIX sh.
# Needs fail MESSAGE, which ends the script.

# find_java: sets java, and java_feature to its feature version; fails where there is none from 17 on.
find_java() {
    if [ -n "${JAVA_HOME:-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, where there is no bin/java; set it to a Java 17 or later"
    else
        java=$(command -v java) || fail "no java found; install a Java 17 or later, or set JAVA_HOME"
    fi
    java_version=$("$java" -version 2>&1) || fail "$java does not run: $(echo "$java_version" | head -n 1)"
    java_version=$(echo "$java_version" | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1)
    java_feature=${java_version%%[!0-9]*}
    [ "${java_feature:-0}" -ge 17 ] ||
        fail "$java is Java ${java_version:-of unknown version}; 17 or later is needed (JAVA_HOME names another)"
}

# options_for COMMAND LAUNCH: sets options to the file of JVM options for that command, and the environment that goes
# with them. LAUNCH is the folder of this file.
options_for() {
    case $1 in
        serve)
            options=$2/serve.options
            # One arena of glibc's malloc: each further one keeps what it once had.
            MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1}
            export MALLOC_ARENA_MAX
            ;;
        *) options=$2/quick.options ;;
    esac
}

# archive_of FOLDER: sets archive to the option that names the class archive in FOLDER, or to nothing. Where the archive
# is of another Java, or the jars have moved or changed, that Java goes on without it.
archive_of() {
    archive=
    if [ -f "$1/jwks-cache.jsa" ]; then
        archive=-XX:SharedArchiveFile=$1/jwks-cache.jsa
    fi
}

# make_archive JAR FOLDER: writes the class archive for java, and for JAR and its class path where they lie now.
# 0 when it is there. What it has to say goes to standard output.
make_archive() {
    rm -f "$2/jwks-cache.jsa"
    "$java" -XX:ArchiveClassesAtExit="$2/jwks-cache.jsa" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:cds=error \
        -Xlog:cds+dynamic=error -cp "$1" dev.jwkscache.sidecar.Rehearsal 2>&1 && [ -f "$2/jwks-cache.jsa" ]
}
