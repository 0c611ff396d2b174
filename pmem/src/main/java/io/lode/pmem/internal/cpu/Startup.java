package io.lode.pmem.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Loads the routines: determines the CPU, reads the code, makes it executable and chooses the
 * instructions.
 */
final class Startup {
  /** The outcome for this process, determined once when this class is initialised. */
  static final Outcome OUTCOME = ofThisProcess();

  /** {@code AT_HWCAP} (linux/auxvec.h). */
  private static final long AT_HWCAP = 16;

  private Startup() {}

  /**
   * The result of loading.
   *
   * @param loaded null if the routines cannot run
   * @param reason what was chosen, or why not
   */
  record Outcome(@Nullable LoadedCode loaded, String reason) {}

  private static Outcome ofThisProcess() {
    var os = System.getProperty("os.name", "");
    var arch = System.getProperty("os.arch", "");
    try {
      cpu(os, arch); // elsewhere the C library lacks even the functions that SystemLibrary links
      return load(
          os, arch, Startup.class::getResourceAsStream, new SystemLibrary(), System.getenv());
    } catch (UnusableException e) {
      return new Outcome(null, e.reason());
    } catch (IllegalCallerException e) {
      return new Outcome(null, "native access is not enabled: start Java with " + flag());
    } catch (UnsupportedOperationException e) {
      return new Outcome(null, "this JVM cannot call native code: " + e.getMessage());
    }
  }

  private static String flag() {
    var module = Startup.class.getModule();
    return "--enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
  }

  /** Loads for a given system; everything that can fail is a parameter, for tests. */
  static Outcome load(
      String os,
      String arch,
      Function<String, @Nullable InputStream> resources,
      LinuxCalls calls,
      Map<String, String> environment) {
    try {
      var cpu = cpu(os, arch);
      var blob = CodeBlob.read(cpu, resources);
      var code = ExecutableMemory.map(blob.code(), calls);
      var choice =
          cpu.equals("x86_64")
              ? CpuChoice.ofX86(ask(blob, code, "cpu_features"), environment)
              : CpuChoice.ofAarch64(calls.getauxval(AT_HWCAP), ask(blob, code, "line_size"));
      for (var entry : choice.entries()) {
        blob.offset(entry); // a missing entry is a reason here, but would be an error later
      }
      return new Outcome(new LoadedCode(blob, code, choice), choice.description());
    } catch (UnusableException e) {
      return new Outcome(null, e.reason());
    }
  }

  private static String cpu(String os, String arch) throws UnusableException {
    if (os.equals("Linux")) {
      switch (arch) {
        case "amd64", "x86_64" -> {
          return "x86_64";
        }
        case "aarch64", "arm64" -> {
          return "aarch64";
        }
        default -> {}
      }
    }
    throw new UnusableException(
        "there are routines for Linux on x86-64 and aarch64, not for " + os + " on " + arch);
  }

  private static long ask(CodeBlob blob, MemorySegment code, String entry)
      throws UnusableException {
    var handle = LoadedCode.critical(blob, code, entry, FunctionDescriptor.of(JAVA_LONG), false);
    try {
      return (long) handle.invokeExact();
    } catch (Throwable e) {
      throw new UnusableException(entry + " failed: " + e);
    }
  }
}
