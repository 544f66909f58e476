package dev.noria.tck;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Nested;

/** The sections of the capabilities, C1 to C9. */
abstract class CapabilitySections {

  /** The rig of the running test. */
  abstract Rig rig();

  /** See {@link JobStorageTck}. */
  protected abstract Connection connection(Place place) throws SQLException;

  /** See {@link JobStorageTck}. */
  protected abstract Connection foreignConnection(Place place) throws SQLException;

  @Nested
  class C1Inspection extends C1InspectionRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C1Counts extends C1CountsRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C2Administration extends C2AdministrationRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C2Cancel extends C2CancelRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C2Replay extends C2ReplayRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C2Queues extends C2QueuesRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C3Registers extends C3RegistersRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C3Advance extends C3AdvanceRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C4Notes extends C4NotesRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C5Signals extends C5SignalsRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C5WakeUps extends C5WakeUpsRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C6Events extends C6EventsRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C7JdbcTransactions extends C7JdbcTransactionsRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }

    @Override
    Connection connection() throws SQLException {
      return CapabilitySections.this.connection(rig().place());
    }

    @Override
    Connection foreignConnection() throws SQLException {
      return CapabilitySections.this.foreignConnection(rig().place());
    }
  }

  @Nested
  class C8ServerClock extends C8ServerClockRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }

  @Nested
  class C9Transfer extends C9TransferRules {
    @Override
    Rig rig() {
      return CapabilitySections.this.rig();
    }
  }
}
