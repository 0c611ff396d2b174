package io.lode.bench.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Writes records as JSON and reads them back. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          // What a record answers beside its components is no part of it.
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
          .build();
  private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");

  private Json() {}

  /** Writes a record in one line. */
  public static String line(Object value) {
    return write(MAPPER.writer(), value);
  }

  /** Writes a record indented, ended by a newline. */
  public static String block(Object value) {
    var printer = new DefaultPrettyPrinter().withObjectIndenter(INDENT).withArrayIndenter(INDENT);
    return write(MAPPER.writer(printer), value) + "\n";
  }

  private static String write(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException notOurs) {
      throw new IllegalStateException("a result that is no JSON", notOurs);
    }
  }

  /**
   * Reads a record.
   *
   * @throws IllegalArgumentException if the text is not JSON of that type
   */
  public static <T> T read(String text, Class<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException foreign) {
      throw new IllegalArgumentException(
          "not a " + type.getSimpleName() + ": " + foreign.getOriginalMessage(), foreign);
    }
  }
}
