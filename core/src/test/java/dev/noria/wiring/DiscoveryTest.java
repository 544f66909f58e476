package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Spi;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiscoveryTest {
  @TempDir private Path folder;
  private ClassPath path;
  private final Planning planning = new Planning();

  @BeforeEach
  void start() {
    path = new ClassPath(folder);
  }

  private Planning with(Class<?>... providers) {
    path.service(PluginProvider.class, providers);
    planning.loader = path.loader();
    return planning;
  }

  private static List<String> ids(Plan plan) {
    return plan.plugins().stream().map(PluginInfo::id).toList();
  }

  @Test
  void discoveredPlugins_comeFirstInTheOrderOfTheirIds() {
    Plan plan =
        with(Providers.Beta.class, Providers.Off.class, Providers.Alpha.class)
            .plan(Plugin.of("aa", installer -> {}));
    assertThat(ids(plan)).containsExactly("alpha", "beta", "aa");
    assertThat(plan.plugins().get(0))
        .isEqualTo(new PluginInfo("alpha", "unknown", Origin.of(Providers.class), true));
  }

  @Test
  void discoveryTurnedOff_installsOnlyWhatIsUsed() {
    planning.discover = false;
    assertThat(ids(with(Providers.Alpha.class).plan(Plugin.of("aa", installer -> {}))))
        .containsExactly("aa");
  }

  @Test
  void disabledIds_areLeftOutAndTheirSettingsLeftAlone() {
    planning.disabled = Set.of("alpha");
    planning.setting("noria.plugins.alpha.size", "1");
    assertThat(ids(with(Providers.Alpha.class, Providers.Beta.class).plan()))
        .containsExactly("beta");
  }

  @Test
  void enabledFalse_turnsAPluginOffAndItsSettingsDoNotMatter() {
    planning.setting("noria.plugins.alpha.enabled", "false");
    planning.setting("noria.plugins.alpha.anything", "1");
    planning.setting("noria.plugins.beta.enabled", "true");
    assertThat(ids(with(Providers.Alpha.class, Providers.Beta.class).plan()))
        .containsExactly("beta");
  }

  @Test
  void aPluginUsedInCode_replacesTheDiscoveredOne() {
    Plan plan = with(Providers.Alpha.class).plan(Plugin.of("alpha", installer -> {}));
    assertThat(plan.plugins()).containsExactly(new PluginInfo("alpha", "unknown", "code", false));
  }

  @Test
  void twoProvidersOfOneId_areNamed() {
    String place = Origin.of(Providers.class);
    assertThat(with(Providers.Alpha.class, Providers.OtherAlpha.class).problems())
        .containsExactly(
            "NORIA-012 The plugin 'alpha' is offered by dev.noria.wiring.Providers$Alpha in "
                + place
                + " and by dev.noria.wiring.Providers$OtherAlpha in "
                + place
                + ". Expected one provider. Remove one of them from the class path.");
  }

  @Test
  void anAmbiguousIdThatIsNotWanted_isNoProblem() {
    planning.disabled = Set.of("alpha");
    assertThat(with(Providers.Alpha.class, Providers.OtherAlpha.class).plan().plugins()).isEmpty();
  }

  @Test
  void brokenProviders_areAllNamed() {
    path.file(
        "META-INF/services/" + PluginProvider.class.getName(),
        "org.example.Absent",
        Providers.Broken.class.getName(),
        Providers.Failing.class.getName(),
        Providers.Alpha.class.getName());
    planning.loader = path.loader();
    List<String> problems = planning.problems();
    assertThat(problems)
        .hasSize(3)
        .allMatch(p -> p.startsWith("NORIA-013 A plugin on the class path can not be used: "))
        .allMatch(
            p ->
                p.endsWith(
                    ". Expected its provider to load. Remove it, or add what it depends on."));
    assertThat(problems.get(0)).contains("org.example.Absent");
    assertThat(problems.get(1)).contains("Providers$Broken", "no luck");
    assertThat(problems.get(2)).contains("Providers$Failing", "org/example/Absent");
  }

  @Test
  void otherSpi_isNamedWithTheExpectedVersion() {
    assertThat(with(Providers.Old.class).problems())
        .containsExactly(
            "NORIA-014 The plugin 'old' in "
                + Origin.of(Providers.class)
                + " was made for SPI version 99. Expected "
                + Spi.VERSION
                + ". Use a version of it that fits this Noria (the noria-bom has those that fit).");
  }

  @Test
  void otherIdThanPromised_isAProblem() {
    assertThat(with(Providers.Liar.class).problems())
        .containsExactly(
            "NORIA-015 The provider of the plugin 'liar' in "
                + Origin.of(Providers.class)
                + " made a plugin 'truth'. Expected the same id. Report it to its author.");
  }

  @Test
  void malformedId_isAProblem() {
    assertThat(with(Providers.Shouting.class).problems())
        .singleElement()
        .asString()
        .startsWith("NORIA-010 The plugin id 'LOUD' is malformed.");
  }

  @Test
  void lostServiceFile_isNoticedByTheMarkerInAFolder() {
    path.file("META-INF/noria/plugins/alpha", Providers.Alpha.class.getName());
    path.file("META-INF/noria/plugins/beta", Providers.Beta.class.getName());
    assertThat(with(Providers.Beta.class).problems())
        .containsExactly(
            "NORIA-017 The provider dev.noria.wiring.Providers$Alpha is on the class path, but not"
                + " in META-INF/services/dev.noria.plugin.PluginProvider. Expected all service"
                + " files of that name to be merged when jars are made one. Use the"
                + " ServicesResourceTransformer of maven-shade-plugin, or mergeServiceFiles() of"
                + " Gradle's shadow plugin.");
  }

  @Test
  void lostServiceFile_isNoticedByTheMarkerInAJar() {
    Path jar =
        path.jar(
            "app.jar",
            "META-INF/noria/plugins/",
            "",
            "META-INF/noria/plugins/alpha",
            Providers.Alpha.class.getName());
    planning.loader = path.loader(jar);
    assertThat(planning.problems()).singleElement().asString().startsWith("NORIA-017 ");
  }

  @Test
  void lostServiceFile_ofNoriasOwnPluginIsNoticedWithoutFolderEntries() {
    Path jar = path.jar("app.jar", "META-INF/noria/plugins/retries", "dev.noria.retries.Provider");
    planning.loader = path.loader(jar);
    assertThat(planning.problems())
        .singleElement()
        .asString()
        .startsWith("NORIA-017 The provider dev.noria.retries.Provider is on the class path");
  }

  @Test
  void markersOfPluginsThatAreNotLookedFor_doNotMatter() {
    path.file("META-INF/noria/plugins/alpha", Providers.Alpha.class.getName());
    path.file("META-INF/noria/plugins/beta", Providers.Beta.class.getName());
    path.file("META-INF/noria/plugins/off", Providers.Off.class.getName());
    planning.loader = path.loader();
    planning.disabled = Set.of("alpha");
    planning.setting("noria.plugins.beta.enabled", "false");
    assertThat(ids(planning.plan(Plugin.of("off", installer -> {})))).containsExactly("off");
  }
}
