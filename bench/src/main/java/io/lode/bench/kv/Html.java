package io.lode.bench.kv;

/** Text that becomes part of a page. */
final class Html {
  private Html() {}

  /** Returns text that shows as it is. */
  static String text(Object shown) {
    return String.valueOf(shown)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** Returns an element of a class with text in it. */
  static String element(String name, String type, Object shown) {
    return "<" + name + " class=\"" + type + "\">" + text(shown) + "</" + name + ">";
  }
}
