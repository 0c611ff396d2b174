package io.lode.pmem.internal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device number.
 *
 * @param major the driver's part
 * @param minor the device's part
 */
public record DeviceNumber(int major, int minor) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9}):(\\d{1,9})");

  /** Parses the form that sysfs uses; empty for any other text. */
  static Optional<DeviceNumber> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new DeviceNumber(
                Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** Returns the form that sysfs uses, {@code major:minor}. */
  @Override
  public String toString() {
    return major + ":" + minor;
  }
}
