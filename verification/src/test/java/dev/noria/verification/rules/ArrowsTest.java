package dev.noria.verification.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.noria.verification.rules.SourceTree.SourceFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom. */
class ArrowsTest {
  private static final String GUICE = "com.google.inject";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.noria");

  private static Stream<JavaClass> of(String module) {
    Set<String> packages = SourceTree.packages(module);
    return CLASSES.stream().filter(type -> packages.contains(type.getPackageName()));
  }

  /** What classes of a module know that is not allowed. */
  private static Set<String> strangers(String module, Predicate<String> allowedPackage) {
    Set<String> found = new TreeSet<>();
    of(module)
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(d -> !allowedPackage.test(packageOf(d)))
        .forEach(d -> found.add(d.getOriginClass().getName() + " → " + packageOf(d)));
    return found;
  }

  private static String packageOf(Dependency dependency) {
    return dependency.getTargetClass().getBaseComponentType().getPackageName();
  }

  private static boolean isJdk(String name) {
    return name.isEmpty() || name.startsWith("java.") || name.startsWith("javax.sql");
  }

  private static Set<String> union(String... modules) {
    Set<String> packages = new HashSet<>();
    for (String module : modules) {
      packages.addAll(SourceTree.packages(module));
    }
    return packages;
  }

  private static List<String> plugins() {
    return SourceTree.modules().stream().filter(m -> m.startsWith("plugins/")).toList();
  }

  @Test
  void everyModule_isLookedAt() {
    for (String module : List.of("spi", "engine", "rows", "core", "tck")) {
      assertThat(of(module)).as(module).isNotEmpty();
    }
    assertThat(plugins()).hasSizeGreaterThanOrEqualTo(3);
    for (String module : plugins()) {
      assertThat(of(module)).as(module).isNotEmpty();
    }
  }

  @Test
  void aPackage_belongsToOneModule() {
    Map<String, String> owners = new HashMap<>();
    List<String> twice = new ArrayList<>();
    for (String module : SourceTree.modules()) {
      // Benchmarks look inside; they are not published and never on a module path.
      Set<String> packages = module.equals("benchmarks") ? Set.of() : SourceTree.packages(module);
      for (String name : packages) {
        String other = owners.putIfAbsent(name, module);
        if (other != null) {
          twice.add(name + " in " + other + " and " + module);
        }
      }
    }
    assertThat(twice).isEmpty();
  }

  @Test
  void spi_knowsNobody() {
    Set<String> own = SourceTree.packages("spi");
    assertThat(
            strangers(
                "spi",
                name ->
                    isJdk(name)
                        || own.contains(name)
                        || name.equals("org.jspecify.annotations")
                        || name.equals("jakarta.inject")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"engine", "rows"})
  void whatStoragesShare_knowsSpiOnly(String module) {
    Set<String> allowed = union("spi", module);
    assertThat(
            strangers(
                module,
                name ->
                    isJdk(name)
                        || allowed.contains(name)
                        || name.equals("org.jspecify.annotations")))
        .isEmpty();
  }

  @Test
  void core_knowsSpiOnly() {
    Set<String> allowed = union("spi", "core");
    assertThat(strangers("core", name -> !name.startsWith("dev.noria") || allowed.contains(name)))
        .isEmpty();
  }

  @Test
  void tck_knowsSpiOnlyAndNoLogging() {
    Set<String> allowed = union("spi", "tck");
    assertThat(
            strangers(
                "tck",
                name ->
                    allowed.contains(name)
                        || (!name.startsWith("dev.noria") && !name.startsWith("org.slf4j"))))
        .isEmpty();
  }

  @Test
  void plugins_knowSpiOnlyAndStoragesTheEngine() {
    for (String module : plugins()) {
      boolean storage = module.startsWith("plugins/storage-");
      Set<String> allowed = storage ? union("spi", "engine", "rows", module) : union("spi", module);
      assertThat(strangers(module, name -> !name.startsWith("dev.noria") || allowed.contains(name)))
          .as(module)
          .isEmpty();
    }
  }

  /** What is for users lives on what users have: the packages that modules export. */
  @Test
  void examplesAndTools_usePublicPackagesOnly() {
    Set<String> hidden = new TreeSet<>();
    for (String module : SourceTree.modules()) {
      hidden.addAll(SourceTree.packages(module));
      hidden.removeAll(SourceTree.exported(module));
    }
    assertThat(hidden).contains("dev.noria.kernel", "dev.noria.chain", "dev.noria.wiring");
    List<String> found = new ArrayList<>();
    for (SourceFile file :
        SourceTree.files(file -> file.module().matches("(examples/.*|cli|testing)"))) {
      Set<String> own = SourceTree.packages(file.module());
      file.code()
          .filter(line -> line.startsWith("import "))
          .map(line -> line.replaceFirst("import (static )?", "").replaceFirst("\\.[A-Z*].*", ""))
          .filter(name -> hidden.contains(name) && !own.contains(name))
          .forEach(name -> found.add(file.path() + " → " + name));
    }
    assertThat(found).isEmpty();
  }

  @Test
  void guice_staysInWiring() {
    Set<String> users = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      type.getDirectDependenciesFromSelf().stream()
          .filter(dependency -> packageOf(dependency).startsWith(GUICE))
          .forEach(dependency -> users.add(type.getPackageName()));
    }
    assertThat(users).containsExactly("dev.noria.wiring");
  }

  @Test
  void guice_isInNoPublicSignature() {
    List<String> found = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      if (!type.getModifiers().contains(JavaModifier.PUBLIC)) {
        continue;
      }
      for (JavaCodeUnit unit : type.getCodeUnits()) {
        if (isVisible(unit.getModifiers()) && mentionsGuice(unit)) {
          found.add(unit.getFullName());
        }
      }
      for (JavaField field : type.getFields()) {
        if (isVisible(field.getModifiers()) && isGuice(field.getRawType())) {
          found.add(field.getFullName());
        }
      }
    }
    assertThat(found).isEmpty();
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static boolean mentionsGuice(JavaCodeUnit unit) {
    return isGuice(unit.getRawReturnType())
        || unit.getRawParameterTypes().stream().anyMatch(ArrowsTest::isGuice)
        || unit.getExceptionTypes().stream().anyMatch(ArrowsTest::isGuice);
  }

  private static boolean isGuice(JavaClass type) {
    return type.getBaseComponentType().getPackageName().startsWith(GUICE);
  }
}
