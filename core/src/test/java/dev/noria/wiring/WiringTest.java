package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.Injector;
import dev.noria.chain.Chains;
import dev.noria.chain.Link;
import dev.noria.chain.Point;
import dev.noria.job.EnqueueReceipt;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.Settings;
import dev.noria.plugin.TimeSource;
import jakarta.inject.Inject;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class WiringTest {
  private static final Placement ADMIT = Placement.in(Phase.ADMIT);

  private record Mailer(String name) {}

  private record Rates(int perSecond) {}

  private record Handler(Mailer mailer, Rates rates, TimeSource time) {}

  private static final class Marked {
    private final List<Object> got;

    @Inject
    Marked(Mailer mailer) {
      got = List.of(mailer);
    }

    Marked() {
      got = List.of();
    }
  }

  static final class TwoConstructors {
    final String given;

    TwoConstructors(String given) {
      this.given = given;
    }

    TwoConstructors(int given) {
      this(String.valueOf(given));
    }
  }

  final class Inner {
    Planning outer() {
      return planning;
    }
  }

  private abstract static class Open {}

  private static final class Throwing {
    Throwing() {
      throw new IllegalStateException("boom");
    }
  }

  static final class Limiting implements Middleware {
    static final List<Limiting> MADE = new ArrayList<>();
    final Mailer mailer;
    final Settings settings;
    final Rates rates;

    Limiting(Mailer mailer, Settings settings, Rates rates) {
      this.mailer = mailer;
      this.settings = settings;
      this.rates = rates;
      MADE.add(this);
    }

    @Override
    public List<EnqueueReceipt> enqueue(EnqueueChain chain) {
      return chain.proceed();
    }
  }

  private static final class ThrowingMiddleware implements Middleware {
    ThrowingMiddleware() {
      throw new IllegalStateException("boom");
    }
  }

  private final Planning planning = new Planning();

  private Wiring opened(Plugin... plugins) {
    Plan plan = planning.plan(plugins);
    plan.services().open();
    return plan.wiring();
  }

  @Test
  void aClass_getsWhatUserPluginsAndKernelProvide() {
    Mailer mailer = new Mailer("m");
    Rates rates = new Rates(5);
    planning.services.put(Mailer.class, mailer);
    Wiring wiring = opened(Plugin.of("p", installer -> installer.provide(Rates.class, rates)));
    Handler handler = wiring.create(Handler.class);
    assertThat(handler).isEqualTo(new Handler(mailer, rates, planning.time));
    assertThat(wiring.create(Handler.class)).isNotSameAs(handler);
  }

  @Test
  void theMarkedConstructor_isTheOne() {
    planning.services.put(Mailer.class, new Mailer("m"));
    assertThat(opened().create(Marked.class).got).containsExactly(new Mailer("m"));
  }

  @Test
  void aServiceOfATypeThatGuiceBindsItself_isTheUsersOwn() {
    Logger logger = Logger.getLogger("own");
    planning.services.put(Logger.class, logger);
    record NeedsLogger(Logger logger) {}
    assertThat(opened().create(NeedsLogger.class).logger()).isSameAs(logger);
  }

  @Test
  void whatNobodyProvides_isAllReported() {
    assertThatThrownBy(() -> opened().create(Handler.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "NORIA-020 Nobody provides dev.noria.wiring.WiringTest$Mailer, which is needed by the class"
                + " dev.noria.wiring.WiringTest$Handler. Expected a plugin or the user to"
                + " provide it. Call queue.provide(Mailer.class, …), or add the plugin that"
                + " provides it.")
        .hasMessageContaining("Nobody provides dev.noria.wiring.WiringTest$Rates")
        .hasMessageEndingWith("2 problems");
  }

  @Test
  void guicesOwnTypes_areNotForSale() {
    record NeedsInjector(Injector injector) {}
    assertThatThrownBy(() -> opened().create(NeedsInjector.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Nobody provides com.google.inject.Injector");
  }

  @Test
  void anExpectedClass_countsInMissing() {
    Plan plan = planning.plan();
    plan.wiring().expect(Handler.class);
    assertThat(plan.services().missing())
        .hasSize(2)
        .allMatch(problem -> problem.message().contains("needed by the class"));
    assertThatThrownBy(() -> plan.services().open()).isInstanceOf(ConfigurationException.class);
  }

  @Test
  void createBeforeOpen_isRefused() {
    Plan plan = planning.plan();
    assertThatThrownBy(() -> plan.wiring().create(Handler.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("before the services were opened. Open them first.");
  }

  @Test
  void unfitClasses_areNamed() {
    Wiring wiring = opened();
    String end =
        ". Expected a class with one constructor, or with one marked @Inject. Change it, or pass an"
            + " instance instead.";
    assertThatThrownBy(() -> wiring.create(TwoConstructors.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "NORIA-024 The class dev.noria.wiring.WiringTest$TwoConstructors has 2 constructors"
                + end);
    for (Class<?> type : List.of(Inner.class, Open.class, Runnable.class, Phase.class)) {
      assertThatThrownBy(() -> wiring.create(type))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("NORIA-024 The class " + type.getName() + " is abstract, an");
    }
  }

  @Test
  void aConstructorThatThrows_isNamedWithItsCause() {
    Wiring wiring = opened();
    assertThatThrownBy(() -> wiring.create(Throwing.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "NORIA-025 The constructor of dev.noria.wiring.WiringTest$Throwing threw"
                + " java.lang.IllegalStateException: boom. Expected an instance. The stack trace"
                + " below says where to look.")
        .hasRootCauseMessage("boom");
  }

  @Test
  void middlewareClasses_areMadeAtOpenWithTheirPluginsSettings() {
    Limiting.MADE.clear();
    planning.services.put(Mailer.class, new Mailer("m"));
    planning.setting("noria.plugins.p.size", "1").setting("noria.plugins.q.size", "2");
    Plan plan = planning.plan(limiting("p"), limiting("q"), rates());
    Chains chains = Chains.compile(plan.links());
    assertThat(chains.describe(Point.ENQUEUE)).isEqualTo("p(q(storage))");
    assertThat(chains.has(Point.PROCESS)).isFalse();
    assertThat(Limiting.MADE).isEmpty();

    plan.services().open();
    assertThat(Limiting.MADE)
        .extracting(made -> made.settings.number("size").orElseThrow())
        .containsExactlyInAnyOrder(1, 2);
    assertThat(Limiting.MADE)
        .allMatch(made -> made.rates.perSecond() == 5 && made.mailer.name().equals("m"));
    assertThat(chains.enqueue(List.of(), jobs -> List.of())).isEmpty();
  }

  private static Plugin limiting(String id) {
    return Plugin.of(
        id,
        installer -> {
          installer.settings().number("size");
          installer.middleware(ADMIT, Limiting.class);
        });
  }

  private static Plugin rates() {
    return Plugin.of("rates", installer -> installer.provide(Rates.class, new Rates(5)));
  }

  @Test
  void whatMiddlewareClassesNeed_isCheckedWithEverythingElse() {
    assertThat(planning.problems(limiting("p")))
        .hasSize(2)
        .allMatch(problem -> problem.startsWith("NORIA-020 "));
    assertThat(planning.problems(Plugin.of("p", i -> i.middleware(ADMIT, Unfit.class))))
        .singleElement()
        .asString()
        .startsWith("NORIA-024 ");
  }

  private interface Unfit extends Middleware {}

  @Test
  void aMiddlewareClassThatThrows_stopsTheOpening() {
    Plan plan = planning.plan(throwing("p"), throwing("q"));
    assertThatThrownBy(() -> plan.services().open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("NORIA-025 ")
        .hasMessageEndingWith("2 problems")
        .hasRootCauseMessage("boom");
  }

  private static Plugin throwing(String id) {
    return Plugin.of(id, installer -> installer.middleware(ADMIT, ThrowingMiddleware.class));
  }

  @Test
  void aPluginsSettings_areNobodyElses() {
    record NeedsSettings(Settings settings) {}
    planning.services.put(Mailer.class, new Mailer("m"));
    Wiring wiring = opened(limiting("p"), rates());
    assertThatThrownBy(() -> wiring.create(NeedsSettings.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Nobody provides dev.noria.plugin.Settings");
  }

  @Test
  void noPublicSignature_mentionsGuice() {
    List<Class<?>> types =
        List.of(
            Wiring.class,
            Plan.class,
            Planner.class,
            Services.class,
            StorageOpener.class,
            SettingsSource.class,
            PlanRequest.class,
            Link.class);
    for (Class<?> type : types) {
      List<Executable> all = new ArrayList<>(List.of(type.getDeclaredMethods()));
      all.addAll(List.of(type.getDeclaredConstructors()));
      all.removeIf(one -> !Modifier.isPublic(one.getModifiers()));
      assertThat(all)
          .allSatisfy(one -> assertThat(one.toGenericString()).doesNotContain("com.google"))
          .allSatisfy(
              one ->
                  assertThat(Arrays.toString(one.getGenericParameterTypes()))
                      .doesNotContain("com.google"));
    }
  }
}
