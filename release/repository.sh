# Read by the scripts that build against artifacts of this checkout; no command by itself.

# layer_repository FOLDER
#   Makes a local repository of Maven's in which everything but dev.jwkscache is the user's own, through links: what is
#   installed there reaches nobody else, and nothing is fetched twice.
layer_repository() {
    local layer=$1 own entry
    own=$(mvn -q -B help:evaluate -Dexpression=settings.localRepository -DforceStdout 2>/dev/null </dev/null)
    mkdir -p "$layer/dev" "$own"
    for entry in "$own"/* "$own"/dev/*; do
        case $entry in
            "$own/dev" | "$own/dev/jwkscache" | *'*') ;;
            *) ln -s "$entry" "$layer${entry#"$own"}" ;;
        esac
    done
}
