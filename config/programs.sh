# shellcheck shell=bash
# Sourced by ./check: finds programs that scripts and Java sources start, that this system has only because somebody
# installed them, and that config/packages.sh does not list. On a machine where they are missing they would be missed.
: "${root:?}" "${fast_programs[*]:?}" "${testbed_programs[*]:?}" "${fresh_programs[*]:?}"

# unlisted_programs FOLDER: prints "PROGRAM: PACKAGE, FILE" for each.
unlisted_programs() {
  local entry word file path package
  local -A covered=() files=() paths=()
  # Maven and the JDK bring themselves, and apt brings the rest; awk is what the alternatives of Debian name so.
  for entry in "${fast_programs[@]}" "${testbed_programs[@]}" "${fresh_programs[@]}" mvn java javac jar apt awk; do
    covered[${entry%%:*}]=1 covered[${entry##*:}]=1
  done
  while read -r word file; do
    if [ -z "${covered[$word]-}${paths[$word]-}" ] && path=$(type -P "$word"); then
      paths[$word]=$path files[$word]=${file#"$1"/}
    fi
  done < <(programs_of_scripts "$1" && programs_of_sources "$1")
  while read -r word package; do
    [ -n "${covered[$package]-}" ] || is_in_every_debian "$package" || echo "$word: $package, ${files[$word]}"
  done < <(packages_of "${paths[@]}")
}

# Prints "WORD FILE" for each word of a script that stands where a command does and is no function and no builtin.
programs_of_scripts() {
  local scripts functions
  # The first program of the emulated machine has busybox's programs only.
  mapfile -t scripts < <(grep -rlIE --exclude=init '^(#!.*\b(ba)?sh\b|# shellcheck shell)' \
    "$1"/{lode,check,.ci,config,testbed,pmem/src/main/asm} 2>/dev/null)
  functions=$(sed -nE 's/^ *([a-z_0-9]+)\(\).*/\1/p' "${scripts[@]}" && compgen -b && compgen -k)
  awk -v functions="$functions" '
    BEGIN { n = split(functions, list, "\n"); for (i = 1; i <= n; i++) known[list[i]] = 1 }
    { sub(/(^|[ \t])#.*/, ""); gsub(/\\$/, "") }
    {
      # What begins a command: the line, an operator, a word of the shell, a program that starts another.
      n = split($0, part, /^[ \t]*|[|&;({!][ \t]*|(then|do|else|elif|if|while|until|exec|command -v|TERM|KILL|[0-9])[ \t]+/)
      for (i = 1; i <= n; i++)
        if (match(part[i], /^[a-z][A-Za-z0-9_.+-]+([ \t]|$)/)) {
          word = substr(part[i], 1, RLENGTH); sub(/[ \t]$/, "", word)
          if (!(word in known)) print word, FILENAME
        }
    }' "${scripts[@]}" | sort -u
}

# Prints "WORD FILE" for each string of one word in a statement of Java that runs a program, and for each with a hyphen
# anywhere: hardly anything else that such a word means is also a program.
programs_of_sources() {
  find "$1" -name target -prune -o -name '*.java' -path '*/src/*' -exec awk '
    BEGIN { RS = ";" }
    {
      runs = /ProcessBuilder|(CommandRun|SystemFixture)[.]run[(]|[^A-Za-z.]run[(]/
      while (match($0, /"[a-z][A-Za-z0-9_.+-]+"/)) {
        word = substr($0, RSTART + 1, RLENGTH - 2)
        if (runs || word ~ /-/) print word, FILENAME
        $0 = substr($0, RSTART + RLENGTH)
      }
    }' {} + | sort -u
}

# Prints "NAME PACKAGE" for each program of a path; "none" for one that was unpacked by hand. In a system that has moved
# /bin to /usr/bin the package may still name the old place.
packages_of() {
  {
    dpkg-query -S "$@" "${@/#//usr}" "${@/#\/usr/}" 2>/dev/null | sed -nE '/^diversion/d; s|^([^:, ]+).*/|\1 |p'
    printf 'none %s\n' "${@##*/}"
  } | awk '!seen[$2]++ { print $2, $1 }'
}

is_in_every_debian() {
  dpkg-query -W -f '${Essential} ${Priority}\n' "$1" 2>/dev/null | grep -E '^yes|required$' >/dev/null
}
