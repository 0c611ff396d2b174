# shellcheck shell=bash
# Sourced by ./check: whether README's dependency, program and flags work in a project that has nothing else, and whether
# `mvn -Prelease verify` bundles what a repository takes.
: "${root:?}" "${results:?}"

# Those with a jar; the parent has a pom only.
published=(numa pmem crashtest kvstore)

gate_release() {
  gate_users_project
  gate_bundle
}

# Adds a result: release_result NAME COMMAND…, where the command prints what is wrong and fails.
release_result() {
  local message
  if message=$("${@:2}" 2>&1); then
    passed_gate "release: $1"
  else
    failed_gate "release: $1" "$(grep -vE 'WARNING|SLF4J' <<<"$message" | head -n 6 | cut -c 1-300)"
  fi
}

# A project of three files that knows what README says: its dependency, its program, its flags.
gate_users_project() {
  local log=$root/.lode/check-release.log
  mkdir -p "$root/.lode"
  if ! with_build_lock serve_tree >"$log" 2>&1 </dev/null; then
    failed_gate "release: what was built can be deployed" "$(maven_errors "$log")"
    return
  fi
  maven_settings >"$results/settings.xml"
  release_result "README's program on the class path" users_project_runs class-path
  release_result "README's program on the module path" users_project_runs module-path
}

# Deploys the classes that were just built, as `mvn install` would install them, to a repository in a folder.
serve_tree() {
  local goals=(flatten:flatten@pom-for-users jar:jar deploy:deploy)
  (cd "$root" && maven "$JAVA_HOME" -B -q -pl "$(IFS=, && echo "${published[*]}")" "${goals[@]}" \
    -DaltDeploymentRepository="tree::file://$results/repository")
}

# What was downloaded for the build is a repository too, so nothing is downloaded twice, and nothing written to it.
maven_settings() {
  local downloaded="<id>downloaded</id><url>file://$HOME/.m2/repository</url>
    <releases><checksumPolicy>ignore</checksumPolicy></releases><snapshots><enabled>false</enabled></snapshots>"
  cat <<EOF
<settings>
  <profiles><profile>
    <id>here</id>
    <repositories>
      <repository><id>tree</id><url>file://$results/repository</url></repository>
      <repository>$downloaded</repository>
    </repositories>
    <pluginRepositories><pluginRepository>$downloaded</pluginRepository></pluginRepositories>
  </profile></profiles>
  <activeProfiles><activeProfile>here</activeProfile></activeProfiles>
</settings>
EOF
}

# users_project_runs class-path|module-path
users_project_runs() {
  local project=$results/users-project-$1 jars options
  mkdir -p "$project/src/main/java/app"
  users_pom >"$project/pom.xml"
  users_program >"$project/src/main/java/app/Main.java"
  [ "$1" = class-path ] || printf 'module app {\n  requires io.lode.kvstore;\n}\n' >"$project/src/main/java/module-info.java"
  (cd "$project" && maven "$JAVA_HOME" -B -q -s "$results/settings.xml" -Dmaven.repo.local="$results/users-repository" \
    compiler:compile dependency:build-classpath -Dmdep.outputFile=target/jars </dev/null) || return 1
  jars=$project/target/classes:$(cat "$project/target/jars")
  read -ra options < <(flags_of_readme "$1")
  options+=(--illegal-native-access=deny --sun-misc-unsafe-memory-access=deny)
  case $1 in
    class-path) options+=(-cp "$jars" app.Main) ;;
    module-path) options+=(-p "$jars" -m app/app.Main) ;;
  esac
  "$JAVA_HOME/bin/java" "${options[@]}" "$project/target/pool"
}

users_pom() {
  cat <<EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>app</groupId>
  <artifactId>app</artifactId>
  <version>1</version>
  <properties><maven.compiler.release>25</maven.compiler.release></properties>
  <dependencies>
$(sed -n '/^<dependency>/,/^<\/dependency>/p' "$root/README.md")
  </dependencies>
  <build><pluginManagement><plugins>
    $(plugin_as_here maven-compiler-plugin)
    $(plugin_as_here maven-dependency-plugin)
  </plugins></pluginManagement></build>
</project>
EOF
}

# Prints the plugin with the version of it that this build uses, which is there already.
plugin_as_here() {
  local version
  version=$(grep -A 1 "<artifactId>$1</artifactId>" "$root/pom.xml" | sed -n 's/.*<version>\(.*\)<\/version>.*/\1/p')
  echo "<plugin><artifactId>$1</artifactId><version>$version</version></plugin>"
}

users_program() {
  cat <<EOF
package app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lode.kv.KvConfig;
import io.lode.kv.KvStore;
import io.lode.kv.KvWriter;
import java.nio.file.Path;

public final class Main {
  public static void main(String[] arguments) {
    if (!run(Path.of(arguments[0])).equals("durable")) {
      throw new AssertionError("another value came back");
    }
  }

  static String run(Path path) {
$(program_of_readme)
  }
}
EOF
}

# The one block of Java in README, which the tests of kvstore compile too: its last statement returns what it has read.
program_of_readme() {
  awk '/^```/ { inside = $0 == "```java"; next } inside' "$root/README.md"
}

# README has one flag for either path: that of the class path names no module.
flags_of_readme() {
  grep -oE -- '--enable-native-access=[A-Za-z.,-]+[A-Za-z]' "$root/README.md" | sort -u \
    | if [ "$1" = class-path ]; then grep ALL-UNNAMED; else grep -v ALL-UNNAMED; fi
}

# as_release FOLDER: what build_copy builds in the folder will be a release. A release can then be checked that was built
# for another reason anyway.
as_release() {
  mkdir -p "$1/.mvn"
  echo -Prelease >"$1/.mvn/maven.config"
}

gate_bundle() {
  local copy=$results/copy17 bundle=$results/bundle zip
  zip=$(compgen -G "$copy/target/lode-*-bundle.zip") || {
    copy=$results/release
    as_release "$copy"
    build_copy "$copy" "$JAVA_HOME" || return
    zip=$(compgen -G "$copy/target/lode-*-bundle.zip") || {
      failed_gate "release: mvn -Prelease verify" "made no bundle"
      return
    }
  }
  check_bundle "$zip" "$bundle"
}

# check_bundle ZIP FOLDER: unpacks the bundle in the folder and checks it against what Central asks for.
check_bundle() {
  local version name module
  version=$(basename "$1")
  version=${version#lode-} version=${version%-bundle.zip}
  mkdir -p "$2"
  (cd "$2" && "$JAVA_HOME/bin/jar" --extract --file "$1")
  release_result "the version is not a snapshot" is_a_release "$version"
  release_result "the bundle has what is published, and nothing else" bundle_is_complete "$2" "$version"
  for name in lode-parent "${published[@]/#/lode-}"; do
    release_result "$name: checksums" checksums_are_right "$2/io/lode/$name/$version"
    release_result "$name: pom" pom_is_complete "$2/io/lode/$name/$version/$name-$version.pom" "$name" "$version"
  done
  for module in "${published[@]}"; do
    name=lode-$module
    release_result "$name: jars" jars_are_full "$2/io/lode/$name/$version/$name-$version"
  done
}

is_a_release() {
  [[ $1 =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || { echo "$1 is no version that is released" && return 1; }
}

bundle_is_complete() {
  local name file checksum
  for name in lode-parent "${published[@]/#/lode-}"; do
    for file in .pom .jar -sources.jar -javadoc.jar; do
      [ "$file" = .pom ] || [ "$name" != lode-parent ] || continue
      for checksum in "" .md5 .sha1; do
        echo "io/lode/$name/$2/$name-$2$file$checksum"
      done
    done
  done | sort | diff - <(cd "$1" && find . -type f ! -name '*.asc*' | sed 's,^\./,,' | sort)
}

checksums_are_right() {
  local file checked=0
  for file in "$1"/*.pom "$1"/*.jar; do
    [ -f "$file" ] || continue
    checked=$((checked + 1))
    [ "$(md5sum <"$file")" = "$(cat "$file.md5")  -" ] || { echo "$file.md5 is wrong" && return 1; }
    [ "$(sha1sum <"$file")" = "$(cat "$file.sha1")  -" ] || { echo "$file.sha1 is wrong" && return 1; }
  done
  [ "$checked" -gt 0 ] || { echo "nothing in $1" && return 1; }
}

# jars_are_full PREFIX: a jar that is a module, sources, documentation.
jars_are_full() {
  holds "$1.jar" module-info.class && holds "$1-sources.jar" module-info.java && holds "$1-javadoc.jar" index.html
}

holds() {
  "$JAVA_HOME/bin/jar" --list --file "$1" | grep -x "$2" >/dev/null || { echo "no $2 in $1" && return 1; }
}

# pom_is_complete POM NAME VERSION: says who, what and where, and needs nothing that is not published.
pom_is_complete() {
  local elements element dependency
  elements=$(elements_of "$1") || return 1
  for element in "groupId=io.lode$" "artifactId=$2$" "version=$3$" name=. description=. url=https://. \
    licenses/license/name=. licenses/license/url=https://. developers/developer/name=. \
    scm/connection=scm:git:. scm/developerConnection=scm:git:. scm/url=https://.; do
    grep -q "^/project/$element" <<<"$elements" || { echo "$1 has no $element" && return 1; }
  done
  if grep -E '^/project/(parent|build|profiles|properties|modules|repositories|dependencyManagement)/|\$\{|SNAPSHOT|=(test|system|provided)$' \
    <<<"$elements"; then
    echo "in $1: what only the build needs, or what is not settled"
    return 1
  fi
  while read -r dependency; do
    [ -d "$(dirname "$1")/../../$dependency/$3" ] || { echo "$1 needs $dependency, which is not in the bundle" && return 1; }
  done < <(sed -n 's,^/project/dependencies/dependency/artifactId=\(lode-.*\),\1,p' <<<"$elements")
}

# Prints the elements of a POM that have text, one a line: /project/scm/url=https://… An element begins and ends a line.
elements_of() {
  sed -e '/<!--/,/-->/d' -e 's/^[[:space:]]*//' "$1" | awk '
    /^<[?]/ || /^[^<]/ { next }
    /^<\// { sub("/[^/]*$", "", path); next }
    /^<[^>]*\/>$/ { next }
    /^<[A-Za-z.]+[^>]*>.*<\// {
      name = text = $0
      sub(/^</, "", name); sub(/[ >].*/, "", name)
      sub(/^<[^>]*>/, "", text); sub(/<\/[^>]*>$/, "", text)
      print path "/" name "=" text
      next
    }
    { name = $0; sub(/^</, "", name); sub(/[ >].*/, "", name); path = path "/" name }
  '
}
