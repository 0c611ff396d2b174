package io.lode.cli.kv;

import io.lode.pmem.Granularity;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a granularity on the command line. */
final class GranularityConverter implements ITypeConverter<Granularity> {
  GranularityConverter() {}

  @Override
  public Granularity convert(String text) {
    String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(Granularity.values())
        .filter(granularity -> granularity.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException("'" + text + "': use byte, cache-line or page"));
  }
}
