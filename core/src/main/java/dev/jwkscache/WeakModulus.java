package dev.jwkscache;

import java.math.BigInteger;

/**
 * Recognises RSA moduli of the key generator of CVE-2017-15361 («ROCA»): its primes are powers of 65537 modulo a product of
 * small primes, and so is their product. A modulus that is such a power modulo every small prime was made by it, but for one
 * chance in more than 2^80.
 */
final class WeakModulus {
    private static final int GENERATOR = 65537;
    /** The generator used more small primes for larger keys; the more are looked at, the smaller the chance of a mistake. */
    private static final int LONG_MODULUS_BITS = 1984;

    private WeakModulus() {}

    static boolean isRoca(BigInteger modulus) {
        int largestPrime = modulus.bitLength() < LONG_MODULUS_BITS ? 353 : 701;
        for (int prime = 3; prime <= largestPrime; prime += 2) {
            if (isPrime(prime)
                    && !isPower(modulus.mod(BigInteger.valueOf(prime)).intValue(), prime)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrime(int odd) {
        for (int divisor = 3; divisor * divisor <= odd; divisor += 2) {
            if (odd % divisor == 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the residue is a power of the generator modulo that prime. */
    private static boolean isPower(int residue, int prime) {
        int power = 1;
        do {
            if (power == residue) {
                return true;
            }
            power = power * (GENERATOR % prime) % prime;
        } while (power != 1);
        return false;
    }
}
