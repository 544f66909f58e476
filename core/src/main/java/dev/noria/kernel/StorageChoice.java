package dev.noria.kernel;

import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.storage.JobStorage;
import dev.noria.wiring.Plan;
import dev.noria.wiring.ProblemCode;
import dev.noria.wiring.StorageOpener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The storage of a queue, as it was named: by the builder, by a plugin, by an address. Immutable.
 *
 * @param inCode those that builder and plugins open
 * @param address that of a setting, where it counts
 * @param opener opens addresses
 */
record StorageChoice(
    List<Supplier<? extends JobStorage>> inCode, Optional<String> address, StorageOpener opener) {

  static StorageChoice of(
      Setup.Environment environment, Plan plan, Optional<String> address, StorageOpener opener) {
    List<Supplier<? extends JobStorage>> inCode = new ArrayList<>();
    Supplier<? extends JobStorage> own = environment.storage();
    if (own != null) {
      inCode.add(own);
    }
    plan.storage().ifPresent(inCode::add);
    // Code is stronger than files and the environment: what they name is what runs without it.
    boolean coded = environment.settings().containsKey("noria.storage");
    return new StorageChoice(
        List.copyOf(inCode), own == null || coded ? address : Optional.empty(), opener);
  }

  /** What keeps the storage from being opened, as far as it shows without any I/O. */
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    int named = inCode.size() + (address.isPresent() ? 1 : 0);
    if (named > 1) {
      problems.add(
          ProblemCode.SEVERAL_STORAGES.problem(
              "The storage was named "
                  + named
                  + " times: by an address, by the builder or by a plugin."
                  + " Expected one. Remove the others; look at the setting noria.storage too."));
    }
    if (named == 0) {
      problems.add(
          ProblemCode.NO_STORAGE.problem(
              "No storage was named. Expected one address or storage plugin. Call"
                  + " JobQueue.open(\"sqlite:jobs.db\"), use a storage plugin, or set"
                  + " noria.storage."));
    }
    address.ifPresent(each -> problems.addAll(opener.check(each)));
    return problems;
  }

  /** Opens it, when there are no {@link #problems}. */
  JobStorage open() {
    if (!inCode.isEmpty()) {
      return inCode.get(0).get();
    }
    return opener.open(address.orElseThrow(() -> new ConfigurationException(problems())));
  }
}
