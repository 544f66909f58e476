package dev.noria.tck;

import dev.noria.job.JobId;
import dev.noria.storage.Capability;
import dev.noria.storage.JobStorage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/**
 * The suite that every storage passes. A subclass says how to open the storage; every test gets a
 * {@link Rig} over a fresh place.
 */
public abstract class JobStorageTck extends CapabilitySections {
  private Rig rig;

  /** Opens the storage at {@code place}, creating it when it does not exist. */
  protected abstract JobStorage open(Place place);

  /** What the storage declares; checked both ways. */
  protected abstract Set<Class<? extends Capability>> capabilities();

  /** Whether two storages opened at one place share its jobs, as two processes do. */
  protected boolean shared() {
    return true;
  }

  /** Whether jobs survive {@code close} and a new {@code open} of their place. */
  protected boolean survivesClose() {
    return true;
  }

  /**
   * Makes the stored format of the closed storage at {@code place} look like one of a later
   * release, so that the refusal can be shown (S0.10). Says whether there is a stored format.
   */
  protected boolean makeNewer(Place place) {
    return false;
  }

  /**
   * Opens {@code place} as the next release may: with a newer stored format that this release can
   * work with too (S0.10). Other storages of the place may be open meanwhile. Empty where formats
   * are not versioned.
   */
  protected Optional<JobStorage> openNext(Place place) {
    return Optional.empty();
  }

  /**
   * Damages the stored form of a job at {@code place}, whose storage is closed, as a failing disk
   * would, so that it can not be read any more (S2.6). Says whether it could.
   */
  protected boolean damage(Place place, JobId id) {
    return false;
  }

  /** Removes what {@code place} left behind; called after all its storages are closed. */
  protected void drop(Place place) {}

  /**
   * A connection to the database of {@code place}, for the transactions of C7. Only asked for where
   * {@code JdbcTransactions} is declared; the suite closes it.
   */
  @Override
  protected Connection connection(Place place) throws SQLException {
    throw new SQLFeatureNotSupportedException("This suite gives no connection to " + place);
  }

  /** A connection to another database than that of {@code place}, to be refused. */
  @Override
  protected Connection foreignConnection(Place place) throws SQLException {
    return connection(new Place(place.name() + "x", place.namespace()));
  }

  @Override
  final Rig rig() {
    return rig;
  }

  @BeforeEach
  final void openRig() {
    Place place = new Place("t" + UUID.randomUUID().toString().replace("-", ""), "noria");
    rig = new Rig(this, place);
  }

  @AfterEach
  final void closeRig() {
    rig.close();
  }

  @Nested
  class S0General extends S0GeneralRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S0Deviations extends S0DeviationsRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S0Repeats extends S0RepeatsRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S0Bytes extends S0BytesRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S0Names extends S0NamesRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S0Namespaces extends S0NamespacesRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S1Enqueue extends S1EnqueueRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S1Keys extends S1KeysRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S1KeyHolders extends S1KeyHoldersRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S1KeyRaces extends S1KeyRacesRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S1Dependencies extends S1DependenciesRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S2Dequeue extends S2DequeueRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S2Amounts extends S2AmountsRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S2Deadlines extends S2DeadlinesRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S2Order extends S2OrderRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S2Groups extends S2GroupsRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S2Limits extends S2LimitsRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S2StartRates extends S2StartRatesRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S2Park extends S2ParkRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S3Ack extends S3AckRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S3Stale extends S3StaleRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S3History extends S3HistoryRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S3FollowUps extends S3FollowUpsRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S3Dependents extends S3DependentsRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S4Extend extends S4ExtendRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S5Crashes extends S5CrashesRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S5Expiry extends S5ExpiryRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S5Maintain extends S5MaintainRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class S6Find extends S6FindRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class I7StateMachine extends I7StateMachineRules {
    @Override
    Rig rig() {
      return rig;
    }
  }

  @Nested
  class Model extends ModelRules {
    @Override
    Rig rig() {
      return rig;
    }
  }
}
