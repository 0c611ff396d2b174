/** Where the live record of each key is, in memory. */
package io.lode.kv.index;
