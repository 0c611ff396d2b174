package io.lode.crashtest.newcomer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.FileCrashTest;
import io.lode.crashtest.FileSubject;
import io.lode.crashtest.Report;
import io.lode.crashtest.Subject;
import io.lode.crashtest.elsewhere.Counter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
import java.util.Set;
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
  void packageOfTheStructureMakesItSeen() {
    Report report =
        CrashTest.of(CounterSubject.class).packages("io.lode.crashtest.elsewhere").run();

    assertThat(report.violations()).isEmpty();
    assertThat(report.exhaustive()).isTrue();
  }

  @Test
  void packageThatExistsAndHasNoPartInTheTestIsNoMistake() {
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
  void structureOutsideThePackagesIsNamedAndNothingIsCalledExhaustive() throws Exception {
    Path classes = compiled("persist(0, 8)", "acme.ring", "acme.test");
    Report unseen = report(classes, "acme.test.RingSubject");

    assertThat(unseen.exhaustive()).isFalse();
    assertThat(unseen.isSound()).isFalse();
    assertThat(unseen.summary()).doesNotContain("exhaustive: ");
    assertThat(unseen.violations())
        .singleElement()
        .satisfies(found -> {
          assertThat(found.what())
              .isEqualTo("no store of acme.ring.Ring was seen but memory changed");
          assertThat(found.found()).contains("packages(\"acme.ring\")");
        });
    assertThat(report(classes, "acme.test.RingSubject", "acme.ring").exhaustive()).isTrue();
    assertThat(report(classes, "acme.test.RingSubject", "acme").exhaustive()).isTrue();
  }

  @Test
  void misspeltPackageIsToldWhateverElseIsWrong() throws Exception {
    Path classes = compiled("persist(0, 8)", "acme.ring", "acme.test");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> report(classes, "acme.test.RingSubject", "acme.rings"))
        .withMessageContaining("\"acme.rings\"")
        .withMessageContaining("misspelt");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> report(classes, "acme.test.RingSubject", "acme.ring", "acme.rin"))
        .withMessageContaining("\"acme.rin\"");
  }

  @Test
  void structureInAPackageThatItsModuleDoesNotExport() throws Exception {
    Path classes = compiled("persist(0, 8)", "acme.ring", "acme.test");
    Path module = folder.resolve("module-info.java");
    Files.writeString(module, "module acme { requires io.lode.crashtest; exports acme.test; }");
    compile(classes, List.of(module.toString()));
    ClassLoader parent = PackagesTest.class.getClassLoader();
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("acme"));
    ClassLoader loader =
        ModuleLayer.boot().defineModulesWithOneLoader(configuration, parent).findLoader("acme");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> test(loader, "acme.test.RingSubject").run())
        .withMessageContaining("acme.ring")
        .withMessageContaining("packages(");
    assertThat(test(loader, "acme.test.RingSubject", "acme.ring").run().exhaustive()).isTrue();
  }

  /** Makes its file by calls that are not observed. */
  static final class UnseenFile implements FileSubject {
    @Override
    public void make(Path path) {
      try {
        Files.createFile(path);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void open(Path path) {}

    @Override
    public boolean isRefusal(Throwable failure) {
      return true;
    }
  }

  @Test
  void fileThatIsMadeUnseenIsWrong() throws IOException {
    assertThat(FileCrashTest.of(UnseenFile.class).run(folder).wrong())
        .anySatisfy(wrong -> assertThat(wrong).contains("no file call was seen"));
  }

  @Test
  void misspeltPackageOfAFileTestIsTold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FileCrashTest.of(UnseenFile.class, "acme.rings").run(folder))
        .withMessageContaining("\"acme.rings\"");
  }

  private static Report report(Path classes, String name, String... packages) throws Exception {
    try (var loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, PackagesTest.class.getClassLoader())) {
      return test(loader, name, packages).run();
    }
  }

  @SuppressWarnings("unchecked")
  private static CrashTest test(ClassLoader loader, String name, String... packages)
      throws ClassNotFoundException {
    Class<?> subject = loader.loadClass(name);
    return CrashTest.of((Class<? extends Subject<?, ?>>) subject.asSubclass(Subject.class))
        .packages(packages);
  }

  /** Compiles the ring and its subject, as a project without modules does. */
  private Path compiled(String barrier, String ringPackage, String subjectPackage)
      throws IOException {
    Path sources = Files.createTempDirectory(folder, "sources");
    Path classes = Files.createTempDirectory(folder, "classes");
    String ring = RING.replace("BARRIER", barrier);
    String subject =
        ringPackage.isEmpty() ? SUBJECT : "import " + ringPackage + ".Ring;\n" + SUBJECT;
    compile(
        classes,
        List.of(
            "--add-modules",
            "io.lode.crashtest",
            written(sources.resolve("Ring.java"), ringPackage, ring),
            written(sources.resolve("RingSubject.java"), subjectPackage, subject)));
    return classes;
  }

  private static void compile(Path classes, List<String> more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-p",
                System.getProperty("jdk.module.path"),
                "-d",
                classes.toString()));
    arguments.addAll(more);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    assertThat(javac.run(System.out, System.err, arguments.toArray(String[]::new))).isZero();
  }

  private static String written(Path file, String packageName, String source) throws IOException {
    String first = packageName.isEmpty() ? "" : "package " + packageName + ";\n";
    return Files.writeString(file, first + source).toString();
  }
}
