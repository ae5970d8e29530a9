#!/bin/sh
# Prints the home of the JDK that Myrmidon is built and run with: JAVA_HOME, else the JDK of the java on PATH, else the
# newest in the usual folders, whichever is the first of at least version 25. Ends with 1 and an explanation on stderr if
# there is none. Usage: JAVA_HOME=$(.mvn/find-jdk.sh)

least=25

# Sets `version` to a number that grows with the version of the JDK at $1, or to 0 if there is no JDK. It reads the
# release file: asking the JVM would cost each start of the launcher some 50 ms.
version_of() {
    version=0
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    while IFS= read -r line; do
        case $line in
            JAVA_VERSION=*)
                line=${line#JAVA_VERSION=}
                line=${line#\"}
                line=${line%%[!0-9.]*} # also 26-ea
                old_ifs=$IFS
                IFS=.
                # shellcheck disable=SC2086 # split at the dots
                set -- $line
                IFS=$old_ifs
                version=$((${1:-0} * 1000000 + ${2:-0} * 1000 + ${3:-0}))
                return 0
                ;;
        esac
    done < "$1/release"
}

fits() {
    version_of "$1"
    [ "$version" -ge $((least * 1000000)) ]
}

if [ -n "${JAVA_HOME-}" ] && fits "$JAVA_HOME"; then
    printf '%s\n' "$JAVA_HOME"
    exit
fi

if java=$(command -v java); then
    java=$(readlink -f "$java" 2> /dev/null) && fits "${java%/bin/java}" && printf '%s\n' "${java%/bin/java}" && exit
fi

best=
best_version=0
for home in /usr/lib/jvm/* /opt/* /opt/*/jdk* "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if fits "$home" && [ "$version" -gt "$best_version" ]; then
        best=$home
        best_version=$version
    fi
done
if [ -n "$best" ]; then
    printf '%s\n' "$best"
    exit
fi

cat >&2 << END
myrmidon: needs a JDK of version $least or later, and found none. Looked at
  JAVA_HOME  ${JAVA_HOME:-(not set)}
  PATH       ${java:-(no java)}
  folders    /usr/lib/jvm/*, /opt/*, ~/.sdkman/candidates/java/*, ~/.jdks/*, /Library/Java/JavaVirtualMachines/*
Install one (https://adoptium.net, or your system's package for JDK $least), or set JAVA_HOME to where one is.
END
exit 1
