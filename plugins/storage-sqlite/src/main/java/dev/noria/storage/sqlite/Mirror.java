package dev.noria.storage.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The small hot rows, kept in memory between transactions. Valid as long as nobody else has
 * committed, which {@code PRAGMA data_version} tells inside each transaction for the price of one
 * step; so a process that is alone never reads them twice.
 */
final class Mirror {
  private static final int MOST = 20_000;

  private final Session session;
  private final Map<String, QueueRow> queues = new HashMap<>();
  private final Map<Long, QueueRow> queuesById = new HashMap<>();
  private final Map<Long, GroupRow> groups = new HashMap<>();
  private final Map<String, GroupRow> groupsByName = new HashMap<>();
  private final List<Row> changed = new ArrayList<>();
  private final Map<String, Long> owners = new HashMap<>();
  private final Map<String, Long> meta = new HashMap<>();
  private final Map<Long, Long> sequences = new HashMap<>();
  private long dataVersion = -1;
  private long lastSeq = -1;
  private long others = -1;

  Mirror(Session session) {
    this.session = session;
  }

  /** To be called first in each transaction. */
  void refresh() throws SQLException {
    long version = session.sql("session.data_version").number(-1);
    if (version != dataVersion || queuesById.size() + groups.size() + sequences.size() > MOST) {
      clear();
      dataVersion = version;
    }
  }

  /** Forgets everything: a rollback made it untrue. */
  void clear() {
    changed.clear();
    queues.clear();
    queuesById.clear();
    groups.clear();
    groupsByName.clear();
    owners.clear();
    meta.clear();
    sequences.clear();
    lastSeq = -1;
    others = -1;
  }

  /** Writes what changed; to be called last in each transaction. */
  void flush() throws SQLException {
    for (Row row : changed) {
      row.saveIfTouched(session);
    }
    changed.clear();
  }

  /** The queue, unless nobody has ever used it. */
  @Nullable QueueRow queueIfThere(String name) throws SQLException {
    QueueRow queue = queues.get(name);
    if (queue == null) {
      queue = session.sql("queue.by_name").with(name).first(QueueRow::read).orElse(null);
      if (queue != null) {
        keep(queue);
      }
    }
    return queue;
  }

  /** The queue, made when nobody has used it before. */
  QueueRow queue(String name) throws SQLException {
    QueueRow queue = queueIfThere(name);
    if (queue == null) {
      queue = new QueueRow(session.sql("queue.insert").with(name).number(-1), name);
      keep(queue);
    }
    return queue;
  }

  QueueRow queue(long id) throws SQLException {
    QueueRow queue = queuesById.get(id);
    if (queue == null) {
      queue =
          session
              .sql("queue.by_id")
              .with(id)
              .first(QueueRow::read)
              .orElseGet(() -> QueueRow.lost(id));
      keep(queue);
    }
    return queue;
  }

  private void keep(QueueRow queue) {
    queue.reportTo(changed);
    queues.put(queue.name, queue);
    queuesById.put(queue.id, queue);
  }

  GroupRow group(long id) throws SQLException {
    GroupRow group = groupIfThere(id);
    if (group == null) {
      throw new SQLException("The row of group " + id + " is lost");
    }
    return group;
  }

  @Nullable GroupRow groupIfThere(long id) throws SQLException {
    GroupRow group = groups.get(id);
    if (group == null) {
      group = session.sql("grp.by_id").with(id).first(GroupRow::read).orElse(null);
      if (group != null) {
        keep(group);
      }
    }
    return group;
  }

  /** The group of a queue, made when it is new. */
  GroupRow group(QueueRow queue, String name) throws SQLException {
    GroupRow group = groupsByName.get(groupKey(queue.id, name));
    if (group == null) {
      group =
          session.sql("grp.by_name").with(queue.id).with(name).first(GroupRow::read).orElse(null);
      if (group == null) {
        long id = session.sql("grp.insert").with(queue.id).with(name).number(-1);
        group = new GroupRow(id, queue.id, name);
        queue.groups++;
        queue.touch();
      }
      keep(group);
    }
    return group;
  }

  private void keep(GroupRow group) {
    // In both maps or in none, so that there is one object per row.
    group.reportTo(changed);
    groups.put(group.id, group);
    groupsByName.put(groupKey(group.queue, group.name), group);
  }

  void forget(GroupRow group) {
    groups.remove(group.id);
    groupsByName.remove(groupKey(group.queue, group.name));
  }

  /** Before statements change many groups at once. */
  void forgetGroups() throws SQLException {
    flush();
    groups.clear();
    groupsByName.clear();
  }

  private static String groupKey(long queue, String name) {
    return queue + "/" + name;
  }

  long owner(String instance, String name) throws SQLException {
    Long id = owners.get(name);
    if (id == null) {
      id = session.sql("owner.of").with(instance).with(name).number(-1);
      if (id < 0) {
        id = session.sql("owner.insert").with(name).with(instance).number(-1);
      }
      owners.put(name, id);
    }
    return id;
  }

  long meta(String name) throws SQLException {
    Long value = meta.get(name);
    if (value == null) {
      value = session.sql("meta.value").with(name).number(0);
      meta.put(name, value);
    }
    return value;
  }

  void meta(String name, long value) throws SQLException {
    session.sql("meta.put").with(name).with(value).run();
    meta.put(name, value);
  }

  /** Sequence numbers for {@code n} new jobs. */
  long seqs(int n) throws SQLException {
    if (lastSeq < 0) {
      lastSeq = session.sql("job.last_seq").number(0);
      // A number that a recount has passed is not given again, or the new job would be missed.
      long passed = meta(Recount.POSITION);
      lastSeq = passed == Recount.ALL ? lastSeq : Math.max(lastSeq, passed);
    }
    long first = lastSeq + 1;
    lastSeq += n;
    return first;
  }

  /** Whether other storages have this namespace open. */
  boolean hasOthers(String instance) throws SQLException {
    if (others < 0) {
      others = session.sql("instance.others").with(instance).number(0);
    }
    return others > 0;
  }

  /** The last sequence of a client; 0 for none. */
  long sequence(long client) throws SQLException {
    Long sequence = sequences.get(client);
    if (sequence == null) {
      sequence = session.sql("call.of").with(client).number(0);
      sequences.put(client, sequence);
    }
    return sequence;
  }

  void sequence(long client, long sequence) {
    sequences.put(client, sequence);
  }
}
