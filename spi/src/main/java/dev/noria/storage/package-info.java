/**
 * The storage contract: what every storage does, in numbered rules. {@link
 * dev.noria.storage.JobStorage} is what a storage must implement; a {@link
 * dev.noria.storage.Capability} is what it may do besides. The rules stand in full in {@code
 * docs/storage-contract.md}; the test kit names its tests after them.
 */
@NullMarked
package dev.noria.storage;

import org.jspecify.annotations.NullMarked;
