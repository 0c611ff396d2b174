package io.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents refer to exists: files, headings and tests. Decisions are complete. */
class DocumentLinksTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```\\s*$");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern URL = Pattern.compile("^[a-z][a-z+.-]*:.*");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");

  /**
   * A test by its class and method, with an ellipsis for a class that was named before or for the
   * end of a long name.
   */
  private static final Pattern TEST =
      Pattern.compile("`(?:([A-Z]\\w*(?:Test|IT))[.#]|…)(\\w+)(…?)`");

  private static final Pattern PART = Pattern.compile("(?m)^- \\*([^*]+)\\*: ");

  @Test
  void everyRelativeLinkLeadsToAFileAndAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : documents()) {
      for (MatchResult link : LINK.matcher(prose(document)).results().toList()) {
        String target = link.group(1);
        if (!URL.matcher(target).matches()) {
          links++;
          if (!leadsSomewhere(document, target)) {
            broken.add(ROOT.relativize(document) + " has a link to " + target);
          }
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(20);
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Map<String, String> sources = sources();
    List<String> missing = new ArrayList<>();
    int named = 0;
    for (Path document : documents()) {
      String type = "";
      for (MatchResult test : TEST.matcher(prose(document)).results().toList()) {
        type = test.group(1) == null ? type : test.group(1);
        String end = test.group(3).isEmpty() ? "(" : "";
        named++;
        if (!sources.getOrDefault(type, "").contains(" " + test.group(2) + end)) {
          missing.add(ROOT.relativize(document) + " names " + type + "." + test.group(2));
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).isGreaterThan(100);
  }

  @Test
  void everyDecisionHasAllItsParts() throws IOException {
    String[] decisions = Files.readString(ROOT.resolve("docs/decisions.md")).split("(?m)^### ", -1);
    assertThat(decisions).hasSizeGreaterThan(30);
    for (String decision : List.of(decisions).subList(1, decisions.length)) {
      assertThat(PART.matcher(decision).results().map(part -> part.group(1)))
          .as(decision)
          .containsExactly("Why", "Instead of", "Measured by", "Revisit when");
    }
  }

  /** Returns the documents of the project and of its folders, but for what was built. */
  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path entry : entries(ROOT)) {
      String name = entry.getFileName().toString();
      if (Files.isDirectory(entry) && !name.startsWith(".") && !name.equals("target")) {
        documents.addAll(entries(entry));
      } else {
        documents.add(entry);
      }
    }
    documents.removeIf(file -> !file.toString().endsWith(".md"));
    return documents;
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  private static String prose(Path document) throws IOException {
    return FENCED.matcher(Files.readString(document)).replaceAll("");
  }

  private static boolean leadsSomewhere(Path document, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
    return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
  }

  /** Returns the anchors of a document's headings, as GitHub makes them. */
  private static List<String> anchors(Path document) throws IOException {
    Map<String, Integer> seen = new HashMap<>();
    return HEADING
        .matcher(prose(document))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(text -> text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .map(anchor -> {
          int before = seen.merge(anchor, 1, Integer::sum) - 1;
          return before == 0 ? anchor : anchor + "-" + before;
        })
        .toList();
  }

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (Path entry : entries(ROOT)) {
      Path folder = entry.resolve("src");
      if (Files.isDirectory(folder)) {
        addSources(folder, sources);
      }
    }
    return sources;
  }

  private static void addSources(Path folder, Map<String, String> sources) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        // Two modules may have a class of one name.
        sources.merge(
            file.getFileName().toString().replace(".java", ""),
            Files.readString(file),
            String::concat);
      }
    }
  }
}
