package io.lode.bench.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.MapperFeature;
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

  private Json() {}

  /**
   * Writes a value in one line.
   *
   * @param value a record
   * @return JSON
   */
  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException notOurs) {
      throw new IllegalStateException("a result that is no JSON", notOurs);
    }
  }

  /**
   * Writes a value indented.
   *
   * @param value a record
   * @return JSON, ended by a newline
   */
  public static String block(Object value) {
    var indent = new DefaultIndenter("  ", "\n");
    var printer = new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
    try {
      return MAPPER.writer(printer).writeValueAsString(value) + "\n";
    } catch (JsonProcessingException notOurs) {
      throw new IllegalStateException("a result that is no JSON", notOurs);
    }
  }

  /**
   * Reads a value.
   *
   * @param <T> its type
   * @param text JSON
   * @param type a record
   * @return the value
   * @throws IllegalArgumentException if it is not JSON of that type
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
