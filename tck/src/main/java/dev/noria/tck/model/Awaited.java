package dev.noria.tck.model;

import dev.noria.job.JobId;
import java.util.Set;

/** Jobs whose end somebody wants to hear of; told apart by identity, not by content. */
record Awaited(Set<JobId> ids) {}
