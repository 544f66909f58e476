/** Tests of the file storage. */
package dev.noria.storage.file;
