package dev.noria.tck.model;

import static java.util.Objects.requireNonNull;

import dev.noria.job.JobId;
import dev.noria.storage.Capability;
import dev.noria.storage.Durability;
import dev.noria.storage.JobStorage;
import dev.noria.tck.JobStorageTck;
import dev.noria.tck.Place;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The suite over a storage with the decisions under test; run by {@link SuiteRun} only. */
@ExtendWith(PlantedTck.UntilCaught.class)
class PlantedTck extends JobStorageTck {
  /** What storages decide that are opened from now on. */
  static volatile Supplier<Decisions> decisions = Decisions::new;

  /** What is put around storages that are opened from now on. */
  static volatile UnaryOperator<JobStorage> dress = UnaryOperator.identity();

  /** Whether the rest of the run is not needed any more. */
  static volatile boolean caught;

  private final Map<String, World> worlds = new ConcurrentHashMap<>();

  /** Skips what is left when a bug has been caught. */
  static final class UntilCaught implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return caught
          ? ConditionEvaluationResult.disabled("the bug is caught")
          : ConditionEvaluationResult.enabled("the bug is not caught yet");
    }
  }

  @Override
  protected JobStorage open(Place place) {
    World world =
        worlds.computeIfAbsent(place.name(), any -> new World(decisions.get(), Durability.PROCESS));
    return dress.apply(ReferenceStorage.over(world, place.namespace()));
  }

  @Override
  protected Set<Class<? extends Capability>> capabilities() {
    return ReferenceStorage.CAPABILITIES;
  }

  @Override
  protected boolean damage(Place place, JobId id) {
    requireNonNull(worlds.get(place.name())).damage(place.namespace(), id);
    return true;
  }

  @Override
  protected Optional<JobStorage> openNext(Place place) {
    requireNonNull(worlds.get(place.name())).makeNext();
    return Optional.of(open(place));
  }

  @Override
  protected boolean makeNewer(Place place) {
    requireNonNull(worlds.get(place.name())).makeNewer();
    return true;
  }
}
