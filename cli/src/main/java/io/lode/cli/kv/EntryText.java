package io.lode.cli.kv;

import io.lode.cli.console.Escape;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An entry in JSON: text if the bytes are UTF-8, otherwise Base64 under another name.
 *
 * @param key the key, null if it is not text
 * @param keyBase64 the key, null if it is text
 * @param value the value, null if it is not text or not requested
 * @param valueBase64 the value, null if it is text or not requested
 */
record EntryText(
    @Nullable String key,
    @Nullable String keyBase64,
    @Nullable String value,
    @Nullable String valueBase64) {

  static EntryText of(byte[] key, byte[] value) {
    return new EntryText(text(key), base64(key), text(value), base64(value));
  }

  static EntryText ofKey(byte[] key) {
    return new EntryText(text(key), base64(key), null, null);
  }

  private static @Nullable String text(byte[] bytes) {
    return Escape.utf8(bytes).orElse(null);
  }

  private static @Nullable String base64(byte[] bytes) {
    return Escape.utf8(bytes).isPresent() ? null : Base64.getEncoder().encodeToString(bytes);
  }
}
