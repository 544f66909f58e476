/** That connections break as they were told to. */
package dev.noria.tck.network;
