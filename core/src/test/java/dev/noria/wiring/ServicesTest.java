package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.plugin.Codec;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Jobs;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.TimeSource;
import dev.noria.storage.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ServicesTest {
  private interface Rates {}

  private interface Roof extends Capability {}

  private static final class Flat implements Roof {}

  private static final class Fixed implements Rates {}

  private static final class Thing {}

  private final Planning planning = new Planning();

  @Test
  void aRequirement_isMetByAnotherPluginWhateverTheOrder() {
    Rates rates = new Fixed();
    List<Supplier<Rates>> required = new ArrayList<>();
    List<Supplier<Optional<Rates>>> searched = new ArrayList<>();
    Plan plan =
        planning.plan(
            Plugin.of(
                "a",
                installer -> {
                  required.add(installer.require(Rates.class));
                  searched.add(installer.find(Rates.class));
                }),
            Plugin.of("b", installer -> installer.provide(Rates.class, rates)));
    plan.services().open();
    assertThat(required.get(0).get()).isSameAs(rates);
    assertThat(searched.get(0).get()).contains(rates);
    assertThat(plan.services().find(Rates.class)).contains(rates);
  }

  @Test
  void readingBeforeOpen_isRefused() {
    List<Supplier<Rates>> required = new ArrayList<>();
    planning.services.put(Rates.class, new Fixed());
    planning.plan(Plugin.of("a", installer -> required.add(installer.require(Rates.class))));
    assertThatThrownBy(() -> required.get(0).get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The service dev.noria.wiring.ServicesTest$Rates was read by the plugin 'a' while plugins are"
                + " being installed. Expected to be read once the queue has opened. Keep the"
                + " supplier and read it in onStart, a loop or a middleware.");
  }

  @Test
  void whatNobodyProvides_isReportedForAllWhoNeedIt() {
    assertThat(
            planning.problems(
                Plugin.of("a", installer -> installer.require(Rates.class)),
                Plugin.of("b", installer -> installer.require(Rates.class)),
                Plugin.of("c", installer -> installer.find(Thing.class))))
        .containsExactly(
            "NORIA-020 Nobody provides dev.noria.wiring.ServicesTest$Rates, which is needed by the plugin 'a'"
                + " and the plugin 'b'. Expected a plugin or the user to provide it. Call"
                + " queue.provide(Rates.class, …), or add the plugin that provides it.");
  }

  @Test
  void absentButNotRequired_isEmpty() {
    List<Supplier<Optional<Rates>>> searched = new ArrayList<>();
    Plan plan =
        planning.plan(Plugin.of("a", installer -> searched.add(installer.find(Rates.class))));
    plan.services().open();
    assertThat(searched.get(0).get()).isEmpty();
  }

  @Test
  void whatTheKernelProvides_isMissingOnlyWhenItDoesNot() {
    Plan plan =
        planning.plan(
            Plugin.of(
                "a",
                installer -> {
                  installer.require(Jobs.class);
                  installer.require(Roof.class);
                  installer.require(TimeSource.class);
                  installer.require(Codec.class);
                }));
    assertThat(plan.services().missing())
        .extracting(Problem::toString)
        .hasSize(3)
        .contains(
            "NORIA-021 The storage can not do Roof, which is needed by the plugin 'a'. Expected a storage"
                + " with this capability. Use another storage, or do without the plugin 'a'.");
    assertThatThrownBy(() -> plan.services().open()).isInstanceOf(ConfigurationException.class);
    plan.services().bind(Roof.class, new Flat());
    assertThat(plan.services().missing()).hasSize(2);
  }

  @Test
  void aServiceProvidedTwice_isAProblem() {
    planning.services.put(Thing.class, new Thing());
    assertThat(
            planning.problems(
                Plugin.of("a", installer -> installer.provide(Rates.class, new Fixed())),
                Plugin.of(
                    "b",
                    installer -> {
                      installer.provide(Rates.class, new Fixed());
                      installer.provide(Thing.class, new Thing());
                    })))
        .containsExactly(
            "NORIA-022 dev.noria.wiring.ServicesTest$Rates is provided by the plugin 'a' and by the"
                + " plugin 'b'. Expected one provider of a type. Remove one of them.",
            "NORIA-022 dev.noria.wiring.ServicesTest$Thing is provided by the user's code and by the plugin 'b'. Expected"
                + " one provider of a type. Remove one of them.");
  }

  @Test
  void whatOnlyTheKernelMayProvide_isAProblem() {
    assertThat(
            planning.problems(
                Plugin.of(
                    "a",
                    installer -> {
                      installer.provide(TimeSource.class, new FixedTime());
                      installer.provide(Roof.class, new Flat());
                    })))
        .containsExactly(
            "NORIA-023 dev.noria.plugin.TimeSource is provided by the plugin 'a'. Expected to come"
                + " from the kernel only. Remove the call of provide.",
            "NORIA-023 dev.noria.wiring.ServicesTest$Roof is provided by the plugin 'a'. Expected to"
                + " come from the kernel only. Remove the call of provide.");
  }

  @Test
  void theKernelsService_yieldsToThatOfAPlugin() {
    Rates own = new Fixed();
    Plan plan = planning.plan(Plugin.of("a", i -> i.provide(Rates.class, own)));
    plan.services().bind(Rates.class, new Fixed());
    plan.services().open();
    assertThat(plan.services().find(Rates.class)).containsSame(own);
    assertThatThrownBy(() -> plan.services().bind(Roof.class, new Flat()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Services.bind was called after open. Expected all of it before.");
  }
}
