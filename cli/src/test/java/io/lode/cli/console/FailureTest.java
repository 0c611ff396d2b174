package io.lode.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.numa.NumaException;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void everyFailureOfAStoreHasItsCode() {
    assertCode(5, new StoreException.Full("p", "m"));
    assertCode(1, new StoreException.Damaged("p", 1, "m"));
    assertCode(3, new StoreException.Locked("p", "m"));
    assertCode(6, new StoreException.Foreign("p", "m"));
    assertCode(6, new StoreException.Newer("p", "m"));
    assertCode(4, new StoreException.Missing("p", "m", null));
    assertCode(7, new StoreException.ReadOnly("p", "m", null));
    assertCode(7, new StoreException.Poisoned("p", "m", null));
    assertCode(7, new StoreException.Io("p", "m", null));
  }

  @Test
  void failuresOfTheMediumHaveTheirCodes() {
    assertCode(6, new PmemException(PmemError.INVALID_FILE_TYPE.code(), "m"));
    assertCode(4, new PmemException(-2, "m"));
    assertCode(5, new PmemException(-28, "m"));
    assertCode(7, new PmemException(-13, "m"));
    assertCode(7, new PmemException(PmemError.NOSUPP.code(), "m"));
    assertCode(7, new NumaException("m", 1));
    assertCode(7, new InternalError("a fault occurred in an unsafe memory access operation"));
  }

  @Test
  void theRestHasItsCodes() {
    assertCode(2, new UsageException("m"));
    assertCode(2, new IllegalArgumentException("m"));
    assertCode(4, new UncheckedIOException(new NoSuchFileException("f")));
    assertCode(7, new IOException("m"));
    assertCode(7, new OutOfMemoryError("m"));
    assertCode(7, new IllegalCallerException("m"));
    assertCode(7, new IllegalStateException());
    assertThat(Failure.of(new IllegalCallerException("m")).message())
        .contains("--enable-native-access");
    assertThat(Failure.of(new IllegalStateException("m")).message()).contains("--debug");
  }

  private static void assertCode(int code, Throwable thrown) {
    assertThat(Failure.of(thrown).code().number()).as("%s", thrown).isEqualTo(code);
    assertThat(Failure.of(thrown).message()).isNotBlank();
  }
}
