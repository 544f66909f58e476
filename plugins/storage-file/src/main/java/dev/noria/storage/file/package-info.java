/**
 * A storage that keeps jobs in a folder of files, shared by several processes of one host: {@link
 * dev.noria.storage.file.FileStorage} opens it, {@link dev.noria.storage.file.FileOptions} says
 * how.
 *
 * <p>The state is in the heap, the calls are on the disk. Whatever a call changes is one commit,
 * and every commit has the same steps:
 *
 * <ol>
 *   <li>Write the commands of all who wait to a file in {@code temp}: nobody reads there, a crash
 *       leaves a file that is swept when its owner is dead.
 *   <li>Sync the file, before it has a name that counts: who sees the name sees all bytes.
 *   <li>Link it as the next number of the log. That is the claim and the moment it happened, for
 *       all processes at once. If the number is taken: apply what is there, and try the next one.
 *   <li>Apply it: replies are what the state says.
 *   <li>Sync the folder, which makes this name and all before it last; only then answer.
 *   <li>Unlink the name in {@code temp}.
 * </ol>
 *
 * <p>What is not a call has its order too. The next folder of the log is made and synced before a
 * commit names it. A checkpoint is synced and linked before anything that it replaces goes, and
 * nothing goes that the one before it needs. A dead owner's leases are taken back by a commit
 * before its lock file goes.
 */
@NullMarked
package dev.noria.storage.file;

import org.jspecify.annotations.NullMarked;
