package io.lode.cli.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Writes records as JSON in pure ASCII, which is harmless to a terminal. */
public final class Json {
  private final ObjectWriter lines;
  private final ObjectWriter blocks;

  /** Creates a writer. */
  public Json() {
    this.lines =
        JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
            .build()
            .writer();
    var indent = new DefaultIndenter("  ", "\n");
    this.blocks =
        lines.with(
            new DefaultPrettyPrinter(
                    Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER))
                .withObjectIndenter(indent)
                .withArrayIndenter(indent));
  }

  /**
   * Formats a value on one line.
   *
   * @param value a record
   * @return JSON
   */
  public String line(Object value) {
    return written(lines, value);
  }

  /**
   * Formats a value with indentation.
   *
   * @param value a record or a list of them
   * @return JSON
   */
  public String block(Object value) {
    return written(blocks, value);
  }

  private static String written(ObjectWriter writer, Object value) {
    try {
      // The only ASCII character that Jackson does not escape but a terminal interprets.
      return writer.writeValueAsString(value).replace("\u007f", "\\u007f");
    } catch (JsonProcessingException notOurs) {
      throw new IllegalStateException("a result that cannot be written as JSON: " + value, notOurs);
    }
  }
}
