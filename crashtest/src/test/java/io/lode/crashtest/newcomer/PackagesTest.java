package io.lode.crashtest.newcomer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.Report;
import io.lode.crashtest.Subject;
import io.lode.crashtest.elsewhere.Counter;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Structures and subjects in whatever package: what is not observed is never called tried. */
class PackagesTest {
  private static final String RING =
      """
      public class Ring {
        final io.lode.pmem.PmemMap map;
        public Ring(io.lode.pmem.PmemMap map) {
          this.map = map;
        }
        public void put(long value) {
          map.segment().set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, value);
          map.BARRIER;
        }
        public long value() {
          return map.segment().get(java.lang.foreign.ValueLayout.JAVA_LONG, 0);
        }
      }
      """;
  private static final String SUBJECT =
      """
      import io.lode.crashtest.*;
      import io.lode.pmem.PmemMap;
      import java.util.List;
      public class RingSubject implements Subject<Ring, Long> {
        public long poolBytes() { return 256; }
        public Ring create(PmemMap map) { return new Ring(map); }
        public Ring open(PmemMap map) { map.persist(0, 8); return new Ring(map); }
        public Long initial() { return 0L; }
        public Long observe(Ring ring) { return ring.value(); }
        public List<Operation<Ring, Long>> operations() {
          return List.of(Operation.of("put", ring -> ring.put(7), value -> 7L));
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void structureOutsideThePackagesIsNamedAndNothingIsCalledExhaustive() {
    Report report = CrashTest.of(CounterSubject.class).run();

    assertThat(report.exhaustive()).isFalse();
    assertThat(report.isSound()).isFalse();
    assertThat(report.summary()).doesNotContain("exhaustive: ");
    assertThat(report.violations())
        .singleElement()
        .satisfies(found -> {
          assertThat(found.what())
              .isEqualTo("no store of " + Counter.class.getName() + " was seen but memory changed");
          assertThat(found.found()).contains("packages(\"io.lode.crashtest.elsewhere\")");
        });
  }

  @Test
  void packageOfTheStructureMakesItSeen() {
    Report report =
        CrashTest.of(CounterSubject.class).packages("io.lode.crashtest.elsewhere").run();

    assertThat(report.violations()).isEmpty();
    assertThat(report.exhaustive()).isTrue();
  }

  @Test
  void misspeltPackageIsToldWhateverElseIsWrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> CrashTest.of(CounterSubject.class).packages("io.lode.crashtest.elsewere").run())
        .withMessageContaining("\"io.lode.crashtest.elsewere\"")
        .withMessageContaining("misspelt");
    // One that exists and has no part in the test is no mistake.
    assertThat(
            CrashTest.of(CounterSubject.class)
                .packages("io.lode.crashtest.elsewhere", "io.lode.crashtest.tutorial")
                .run()
                .exhaustive())
        .isTrue();
  }

  @Test
  void classAndPackagesThatCannotBeUnderTestAreRefused() {
    CrashTest test = CrashTest.of(CounterSubject.class);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> test.packages(Counter.class.getName()))
        .withMessageContaining("is a class")
        .withMessageContaining("\"io.lode.crashtest.elsewhere\"");
    assertThatIllegalArgumentException().isThrownBy(() -> test.packages("io.lode.pmem"));
    assertThatIllegalArgumentException().isThrownBy(() -> test.packages("io.lode.crashtest"));
    assertThatIllegalArgumentException().isThrownBy(() -> test.packages("java.util"));
  }

  @Test
  void packageAroundTheCheckersOwnTakesOnlyTheOthers() {
    assertThat(CrashTest.of(CounterSubject.class).packages("io").run().violations()).isEmpty();
  }

  @Test
  void unnamedPackageIsUnderTestLikeAnyOther() throws Exception {
    Path classes = compiled("persist(0, 8)", "", "");
    assertThat(report(classes, "RingSubject").exhaustive()).isTrue();

    Report broken = report(compiled("flush(0, 8)", "", ""), "RingSubject");
    assertThat(broken.violations().getFirst().lost().toString()).contains("Ring.put:");
  }

  @Test
  void structureOfAnotherPackageOnTheClassPath() throws Exception {
    Path classes = compiled("persist(0, 8)", "acme.ring", "acme.test");
    Report unseen = report(classes, "acme.test.RingSubject");
    assertThat(unseen.violations().getFirst().found()).contains("packages(\"acme.ring\")");

    assertThat(report(classes, "acme.test.RingSubject", "acme.ring").exhaustive()).isTrue();
    assertThat(report(classes, "acme.test.RingSubject", "acme").exhaustive()).isTrue();
  }

  private static Report report(Path classes, String name, String... packages) throws Exception {
    try (var loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, PackagesTest.class.getClassLoader())) {
      Class<?> subject = loader.loadClass(name);
      @SuppressWarnings("unchecked")
      var typed = (Class<? extends Subject<?, ?>>) subject.asSubclass(Subject.class);
      return CrashTest.of(typed).packages(packages).run();
    }
  }

  /** Compiles the ring and its subject, as a project without modules does. */
  private Path compiled(String barrier, String ringPackage, String subjectPackage)
      throws IOException {
    Path sources = Files.createTempDirectory(folder, "sources");
    Path classes = Files.createTempDirectory(folder, "classes");
    String ring = RING.replace("BARRIER", barrier);
    String subject =
        ringPackage.isEmpty() ? SUBJECT : "import " + ringPackage + ".Ring;\n" + SUBJECT;
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-p",
                System.getProperty("jdk.module.path"),
                "--add-modules",
                "io.lode.crashtest",
                "-d",
                classes.toString()));
    arguments.add(written(sources.resolve("Ring.java"), ringPackage, ring));
    arguments.add(written(sources.resolve("RingSubject.java"), subjectPackage, subject));
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    assertThat(javac.run(System.out, System.err, arguments.toArray(String[]::new))).isZero();
    return classes;
  }

  private static String written(Path file, String packageName, String source) throws IOException {
    String first = packageName.isEmpty() ? "" : "package " + packageName + ";\n";
    return Files.writeString(file, first + source).toString();
  }
}
