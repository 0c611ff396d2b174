/** What every store on a pool has in common: the errors it reports and the medium it lies on. */
package io.lode.store;
