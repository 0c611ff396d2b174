package io.lode.kv;

import java.util.List;
import java.util.Set;

/** Options of a program as {@code --name value}, or {@code --name} alone. */
final class CheckOptions {
  private static final Set<String> WITH_VALUE =
      Set.of("--minutes", "--seed", "--results", "--mutant", "--replay");
  private static final Set<String> ALONE = Set.of("--json", "--list-mutants");

  private final List<String> arguments;

  CheckOptions(String[] arguments) {
    this.arguments = List.of(arguments);
    for (int i = 0; i < arguments.length; i++) {
      if (WITH_VALUE.contains(arguments[i])) {
        i++;
      } else if (!ALONE.contains(arguments[i])) {
        throw new IllegalArgumentException("no option " + arguments[i]);
      }
      if (i == arguments.length) {
        throw new IllegalArgumentException(arguments[i - 1] + " needs a value");
      }
    }
  }

  boolean has(String name) {
    return arguments.contains(name);
  }

  String text(String name, String otherwise) {
    int at = arguments.indexOf(name);
    return at < 0 ? otherwise : arguments.get(at + 1);
  }

  double number(String name, double otherwise) {
    String text = text(name, "" + otherwise);
    try {
      double value = Double.parseDouble(text);
      if (value > 0 && value < 1e5) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new IllegalArgumentException(name + " needs a number above 0, not " + text);
  }

  long whole(String name, long otherwise) {
    String text = text(name, "" + otherwise);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(name + " needs a whole number, not " + text);
    }
  }
}
