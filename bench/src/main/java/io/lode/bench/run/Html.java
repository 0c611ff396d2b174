package io.lode.bench.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Text that becomes part of a page, and what every page begins with. */
public final class Html {
  private Html() {}

  /**
   * Returns text that shows as it is.
   *
   * @param shown any value
   * @return text without markup
   */
  public static String text(Object shown) {
    return String.valueOf(shown)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /**
   * Returns an element of a class with text in it.
   *
   * @param name of the element
   * @param type its class
   * @param shown its text
   * @return markup
   */
  public static String element(String name, String type, Object shown) {
    return "<" + name + " class=\"" + type + "\">" + text(shown) + "</" + name + ">";
  }

  /**
   * Returns the begin of a page, up to and with its heading: all of its style is in it, light and
   * dark.
   *
   * @param title of the page
   * @param moreStyle rules beside those of every page
   * @return markup; the page is ended by {@link #end}
   */
  public static String begin(String title, String moreStyle) {
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
        + text(title)
        + "</title>\n<style>\n"
        + style(Html.class, "page.css")
        + moreStyle
        + "</style>\n</head>\n<body>\n<main>\n<h1>"
        + text(title)
        + "</h1>\n";
  }

  /**
   * Returns the end of a page.
   *
   * @return markup
   */
  public static String end() {
    return "</main>\n</body>\n</html>\n";
  }

  /**
   * Reads rules of style.
   *
   * @param owner the class beside which they are
   * @param name of the resource
   * @return its text
   */
  public static String style(Class<?> owner, String name) {
    try (InputStream style = owner.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(style, name).readAllBytes(), UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
