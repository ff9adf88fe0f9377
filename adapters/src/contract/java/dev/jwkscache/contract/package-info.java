/** What every adapter must do, and how its page is kept true. */
package dev.jwkscache.contract;
