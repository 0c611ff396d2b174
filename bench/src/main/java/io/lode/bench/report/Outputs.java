package io.lode.bench.report;

import io.lode.bench.report.Document.Form;
import io.lode.bench.run.BenchException;
import io.lode.bench.run.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every benchmark that say which files are written beside the text. */
public final class Outputs {
  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures as JSON.")
  @Nullable Path json;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a page to look at.")
  @Nullable Path html;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write a page for documents.")
  @Nullable Path markdown;

  /** No files yet; picocli names them. */
  public Outputs() {}

  /** Refuses files that cannot be written, without changing any. */
  public void requireWritable() {
    requireWritable(json);
    requireWritable(html);
    requireWritable(markdown);
  }

  /**
   * Refuses a file that cannot be written, without changing it.
   *
   * @throws BenchException if it cannot
   */
  public static void requireWritable(@Nullable Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    boolean isWritable =
        Files.exists(file)
            ? Files.isRegularFile(file) && Files.isWritable(file)
            : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
    BenchException.require(
        isWritable, file + " cannot be written: name a file in a folder that can be");
  }

  /**
   * Writes the files, then the text.
   *
   * @param figures what goes into the JSON
   * @param document the same for people
   */
  public void write(Object figures, Document document, PrintWriter out) throws IOException {
    if (json != null) {
      Files.writeString(json, Json.block(figures));
    }
    if (html != null) {
      Files.writeString(html, document.as(Form.PAGE));
    }
    if (markdown != null) {
      Files.writeString(markdown, document.as(Form.MARKDOWN));
    }
    out.print(document.as(Form.TEXT));
    out.flush();
  }
}
