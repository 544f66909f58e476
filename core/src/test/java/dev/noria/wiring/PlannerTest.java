package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.chain.Link;
import dev.noria.job.Bytes;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.Installer;
import dev.noria.plugin.PayloadStage;
import dev.noria.plugin.Plugin;
import dev.noria.storage.StorageUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final Placement ADMIT = Placement.in(Phase.ADMIT);

  private final Planning planning = new Planning();

  @Test
  void whatPlugins_declare_isPlanned() {
    PayloadStage stage =
        new PayloadStage() {
          @Override
          public Bytes write(Bytes content, Context context) {
            return content;
          }

          @Override
          public Bytes read(Bytes content, Context context) {
            return content;
          }
        };
    List<String> ran = new ArrayList<>();
    Plan plan =
        planning.plan(
            Plugin.of(
                "a",
                installer -> {
                  installer.listen(event -> {});
                  installer.payloadStage(stage);
                  installer.storage(() -> new NoStorage(StorageUri.parse("x:")));
                  installer.loop("sweep", () -> 5);
                  installer.onStart(() -> ran.add("start a"));
                  installer.onStop(() -> ran.add("stop a"));
                }),
            Plugin.of(
                "b",
                installer -> {
                  installer.onStart(() -> ran.add("start b"));
                  installer.onStop(() -> ran.add("stop b"));
                }));
    assertThat(plan.listeners()).extracting(PluginListener::plugin).containsExactly("a");
    assertThat(plan.stages()).containsExactly(stage);
    assertThat(plan.storage().orElseThrow().get()).isInstanceOf(NoStorage.class);
    assertThat(plan.loops())
        .extracting(NamedLoop::plugin, NamedLoop::name)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("a", "sweep"));
    plan.onStart().forEach(named -> named.action().run());
    plan.onStop().forEach(named -> named.action().run());
    assertThat(ran).containsExactly("start a", "start b", "stop b", "stop a");
    assertThat(plan.plugins())
        .containsExactly(
            new PluginInfo("a", "unknown", "code", false),
            new PluginInfo("b", "unknown", "code", false));
  }

  @Test
  void kernelLinks_takePartAsIfInstalledFirst() {
    Middleware middleware = new Middleware() {};
    planning.kernelLinks.add(new Link("timeout", Placement.in(Phase.INVOKE), middleware));
    Plan plan =
        planning.plan(
            Plugin.of("inside", middleware),
            Plugin.of("tenancy", ADMIT, middleware),
            Plugin.of("outside", Placement.in(Phase.INVOKE).before("timeout"), middleware));
    assertThat(plan.links())
        .extracting(Link::plugin)
        .containsExactly("tenancy", "outside", "timeout", "inside");
  }

  @Test
  void allProblems_areReportedTogether() {
    List<String> problems =
        planning
            .setting("noria.plugins.a.size", "big")
            .problems(
                Plugin.of("Bad_Id", installer -> {}),
                Plugin.of("a", installer -> installer.settings().number("size")),
                Plugin.of("a", installer -> {}),
                Plugin.of("b", new Circle("c")),
                Plugin.of("c", new Circle("b")),
                Plugin.of(
                    "d",
                    installer -> {
                      throw new IllegalStateException("boom");
                    }),
                Plugin.of("e", installer -> installer.require(StringBuilder.class)));
    assertThat(problems)
        .extracting(problem -> problem.substring(0, 9))
        .containsExactlyInAnyOrder(
            "NORIA-010", "NORIA-011", "NORIA-016", "NORIA-018", "NORIA-020", "NORIA-031");
    assertThat(problems)
        .contains(
            "NORIA-010 The plugin id 'Bad_Id' is malformed. Expected [a-z][a-z0-9-]{0,39}, such as"
                + " 'rate-limits'. Rename the plugin.",
            "NORIA-011 The plugin 'a' was used twice. Expected each id once per queue. Remove one"
                + " of the calls of use.",
            "NORIA-016 The plugin 'd' could not be installed: java.lang.IllegalStateException:"
                + " boom. Expected install to declare and return. The stack trace below says where"
                + " to look.");
  }

  private record Circle(String other) implements java.util.function.Consumer<Installer> {
    @Override
    public void accept(Installer installer) {
      installer.middleware(ADMIT.before(other), new Middleware() {});
    }
  }

  @Test
  void aFailedInstall_isTheCauseAndOthersGoOn() {
    List<String> installed = new ArrayList<>();
    RuntimeException boom = new IllegalStateException("boom");
    assertThatThrownBy(
            () ->
                planning.plan(
                    Plugin.of(
                        "a",
                        installer -> {
                          throw boom;
                        }),
                    Plugin.of("b", installer -> installed.add("b"))))
        .isInstanceOf(ConfigurationException.class)
        .hasCause(boom)
        .hasMessageEndingWith("1 problem");
    assertThat(installed).containsExactly("b");
  }

  @Test
  void problemsThatAPluginReports_areTakenOver() {
    assertThat(
            planning.problems(
                Plugin.of(
                    "a",
                    installer -> {
                      throw new ConfigurationException(
                          List.of(new ConfigurationException.Problem("X-1", "Wrong.")));
                    })))
        .containsExactly("X-1 Wrong.");
  }

  @Test
  void twoStorages_areAProblem() {
    assertThat(
            planning.problems(
                Plugin.of("a", i -> i.storage(() -> new NoStorage(StorageUri.parse("x:")))),
                Plugin.of("b", i -> i.storage(() -> new NoStorage(StorageUri.parse("y:"))))))
        .containsExactly(
            "NORIA-002 The plugin 'b' names a storage, and 'a' has named one already. Expected one"
                + " storage per queue. Use one of the two.");
  }

  @Test
  void unknownSettings_areAProblemAlsoOfTheKernel() {
    planning.settings = Map.of("noria.worker.leese", "30s", "noria.plugins.a.sise", "1");
    assertThat(planning.problems(Plugin.of("a", installer -> installer.settings().number("size"))))
        .hasSize(2)
        .allMatch(problem -> problem.startsWith("NORIA-030 "))
        .anyMatch(problem -> problem.contains("nearest known one is noria.worker.lease."))
        .anyMatch(problem -> problem.contains("nearest known one is noria.plugins.a.size."));
  }

  @Test
  void withoutDiscovery_settingsOfAbsentPluginsAreLeftAlone() {
    planning.discover = false;
    assertThat(planning.setting("noria.plugins.absent.size", "1").plan().plugins()).isEmpty();
  }

  @Test
  void anInstaller_isOverWhenInstallReturned() {
    List<Installer> kept = new ArrayList<>();
    planning.plan(Plugin.of("a", kept::add));
    assertThatThrownBy(() -> kept.get(0).listen(event -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The plugin 'a' declared something after its install had returned. Expected all"
                + " declarations inside. Do not keep the installer.");
  }

  @Test
  void timeAndSettings_areHandedToPlugins() {
    List<Object> seen = new ArrayList<>();
    planning
        .setting("noria.plugins.a.size", "3")
        .plan(
            Plugin.of(
                "a",
                installer -> {
                  seen.add(installer.settings().number("size").orElseThrow());
                  seen.add(installer.time());
                }));
    assertThat(seen).containsExactly(3, planning.time);
  }
}
