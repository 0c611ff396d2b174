package io.lode.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.foreign.Linker;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which part may use which: the arrows between modules and packages, and where native code is. */
class ArchitectureTest {
  private static final String GUARDED_BY = "com.google.errorprone.annotations.concurrent";

  /**
   * How many public types an exported package has. More is a decision, and about a dozen the limit.
   */
  private static final Map<String, Integer> PUBLIC_TYPES =
      Map.of("io.lode.kv", 10, "io.lode.numa", 15, "io.lode.pmem", 18, "io.lode.store", 4);

  private static JavaClasses all;
  private static List<ModuleDescriptor> modules;

  @BeforeAll
  static void read() {
    Path[] folders = folders("numa", "pmem", "kvstore", "cli");
    all = new ClassFileImporter().importPaths(folders);
    modules = descriptors(folders);
    assertThat(modules).hasSize(4);
  }

  private static Path[] folders(String... names) {
    return Stream.of(names)
        .map(module -> Path.of("..", module, "target", "classes").toAbsolutePath().normalize())
        .toArray(Path[]::new);
  }

  private static List<ModuleDescriptor> descriptors(Path... folders) {
    return ModuleFinder.of(folders).findAll().stream().map(ModuleReference::descriptor).toList();
  }

  @Test
  void numaUsesOnlyJna() {
    classes()
        .that()
        .resideInAPackage("io.lode.numa..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..", "com.sun.jna..", "org.jspecify..", GUARDED_BY, "io.lode.numa.."))
        .check(all);
  }

  @Test
  void pmemUsesOnlyJnaAndNotNuma() {
    classes()
        .that()
        .resideInAPackage("io.lode.pmem..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "jdk.nio.mapmode",
                "com.sun.jna..",
                "org.jspecify..",
                GUARDED_BY,
                "io.lode.pmem.."))
        .check(all);
  }

  @Test
  void kvstoreUsesWhatPmemAndNumaExport() {
    classes()
        .that()
        .resideInAnyPackage(
            "io.lode.kv..", "io.lode.store..", "io.lode.journal..", "io.lode.pool..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "org.slf4j",
                "org.jspecify..",
                GUARDED_BY,
                "io.lode.kv",
                "io.lode.kv.index",
                "io.lode.store",
                "io.lode.journal",
                "io.lode.pool",
                "io.lode.pmem",
                "io.lode.numa"))
        .check(all);
  }

  @Test
  void kvstoreIsBuiltInLayers() {
    noClasses()
        .that()
        .resideInAPackage("io.lode.pool..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.lode.journal..", "io.lode.kv..", "io.lode.numa.."))
        .check(all);
    noClasses()
        .that()
        .resideInAPackage("io.lode.journal..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.lode.kv..", "io.lode.numa.."))
        .check(all);
    noClasses()
        .that()
        .resideInAPackage("io.lode.store..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.lode.pool..", "io.lode.journal..", "io.lode.kv.."))
        .check(all);
  }

  @Test
  void cliUsesOnlyWhatIsExported() {
    classes()
        .that()
        .resideInAPackage("io.lode.cli..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "picocli..",
                "com.fasterxml.jackson..",
                "com.sun.jna..",
                "org.jspecify..",
                GUARDED_BY,
                "io.lode.cli..",
                "io.lode.kv",
                "io.lode.store",
                "io.lode.pmem",
                "io.lode.numa"))
        .check(all);
  }

  @Test
  void jnaIsUsedOnlyInPackagesNamedForIt() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.lode.*.internal.jna")
        .should()
        .dependOnClassesThat(resideInAPackage("com.sun.jna.."))
        .check(all);
  }

  @Test
  void packagesFormNoCycles() {
    // What pmem's internal packages implement is defined in the package that it exports.
    slices()
        .matching("io.lode.(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(
            resideInAPackage("io.lode.pmem.internal.."), resideInAPackage("io.lode.pmem"))
        .check(all);
  }

  /** Outside of pmem the linker is only asked for addresses, which JNA then calls. */
  @Test
  void machineCodeIsCalledOnlyByPmem() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.lode.pmem..", "io.lode.numa.internal.jna")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker")
        .check(all);
    noClasses()
        .that()
        .resideInAPackage("io.lode.numa.internal.jna")
        .should()
        .callMethodWhere(
            describe(
                "the linker makes a handle",
                call ->
                    call.getTargetOwner().isEquivalentTo(Linker.class)
                        && !Set.of("nativeLinker", "defaultLookup").contains(call.getName())))
        .check(all);
  }

  /** JNA's own bindings keep a thread, and with it the class loader of whoever uses them. */
  @Test
  void librariesAreBoundByAddress() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.lode.cli..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("com.sun.jna..")
                .and(
                    describe(
                        "bind a library",
                        type ->
                            List.of("Library", "NativeLibrary", "Memory", "StringArray", "Callback")
                                .contains(type.getSimpleName()))))
        .check(all);
  }

  @Test
  void unsafeAndInternalsOfTheJdkAreUsedNowhere() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("sun..", "jdk.internal.."))
        .check(all);
  }

  @Test
  void exportedPackagesHaveFewPublicTypes() {
    Map<String, Integer> found = new TreeMap<>();
    for (ModuleDescriptor module : modules) {
      for (ModuleDescriptor.Exports exports : module.exports()) {
        found.put(exports.source(), publicTypes(exports.source()));
      }
    }
    assertThat(found.keySet()).isEqualTo(new TreeMap<>(PUBLIC_TYPES).keySet());
    assertThat(found).isEqualTo(new TreeMap<>(PUBLIC_TYPES));
  }

  /**
   * Where the compiler reads a class with an annotation that it cannot find, {@code -Xlint} warns:
   * what users compile against has none that is not in their build.
   */
  @Test
  void whatUsersCompileAgainstHasNoAnnotationThatTheyDoNotHave() {
    for (ModuleDescriptor module : modules) {
      for (ModuleDescriptor.Exports exports : module.exports()) {
        noClasses()
            .that()
            .resideInAPackage(exports.source())
            .and()
            .arePublic()
            .should()
            .dependOnClassesThat(resideInAPackage(GUARDED_BY))
            .check(all);
      }
    }
  }

  @Test
  void whatIsExportedNamesOnlyTypesThatItsUsersRead() {
    Path[] libraries = folders("numa", "pmem", "kvstore", "crashtest");
    JavaClasses types = new ClassFileImporter().importPaths(libraries);
    List<ModuleDescriptor> descriptors = descriptors(libraries);
    assertThat(descriptors).hasSize(4);
    for (ModuleDescriptor module : descriptors) {
      Set<String> visible = packagesThatUsersRead(module, descriptors);
      types.stream()
          .filter(type -> module.exports().stream().anyMatch(isOf(type)))
          .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
          .forEach(type -> assertThat(namedPackages(type)).as(type.getName()).isSubsetOf(visible));
    }
  }

  private static Predicate<ModuleDescriptor.Exports> isOf(JavaClass type) {
    return exports -> exports.source().equals(type.getPackageName());
  }

  /** The exports of the module and of those that it requires transitively. */
  private static Set<String> packagesThatUsersRead(
      ModuleDescriptor module, List<ModuleDescriptor> known) {
    Set<String> required =
        module.requires().stream()
            .filter(needed -> needed.modifiers().contains(Requires.Modifier.TRANSITIVE))
            .map(Requires::name)
            .collect(toSet());
    return known.stream()
        .filter(other -> other.equals(module) || required.contains(other.name()))
        .flatMap(other -> other.exports().stream().map(ModuleDescriptor.Exports::source))
        .collect(toSet());
  }

  /** The packages outside the JDK that the supertypes and accessible members of a type name. */
  private static Set<String> namedPackages(JavaClass type) {
    Stream<JavaClass> ofMembers =
        type.getMembers().stream()
            .filter(ArchitectureTest::isAccessible)
            .flatMap(member -> member.getAllInvolvedRawTypes().stream());
    Stream<JavaClass> ofSupertypes =
        Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
            .flatMap(supertype -> supertype.getAllInvolvedRawTypes().stream());
    return Stream.concat(ofMembers, ofSupertypes)
        .map(named -> named.getBaseComponentType().getPackageName())
        .filter(name -> !name.isEmpty() && !name.startsWith("java."))
        .collect(toSet());
  }

  private static boolean isAccessible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static int publicTypes(String name) {
    return (int)
        all.stream()
            .filter(type -> type.getPackageName().equals(name) && type.isTopLevelClass())
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getName)
            .filter(type -> !type.endsWith("package-info"))
            .count();
  }
}
