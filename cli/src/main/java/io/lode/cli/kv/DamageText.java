package io.lode.cli.kv;

import io.lode.store.Damage;

/** Damage as a line of text. */
final class DamageText {
  private DamageText() {}

  static String of(Damage damage) {
    return "at offset "
        + damage.offset()
        + ", "
        + damage.lengthBytes()
        + " bytes: "
        + damage.description();
  }
}
