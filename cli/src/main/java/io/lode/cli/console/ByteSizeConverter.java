package io.lode.cli.console;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes on the command line. */
public final class ByteSizeConverter implements ITypeConverter<Long> {
  /** Creates the converter; called by picocli. */
  public ByteSizeConverter() {}

  @Override
  public Long convert(String text) {
    try {
      return ByteSize.parse(text);
    } catch (IllegalArgumentException refused) {
      throw new TypeConversionException(refused.getMessage());
    }
  }
}
