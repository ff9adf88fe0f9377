package dev.jwkscache.testkit;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes RSA keys fast enough for one test each.
 *
 * <p>Nearly all the time of RSA key generation goes into finding primes. Here n primes make n(n-1)/2 keys, every pair
 * of primes once: no key is ever handed out twice in a process, and a hundred keys cost fifteen primes instead of two
 * hundred. Keys that share a prime are worthless as secrets (their greatest common divisor gives it away), which does
 * not matter to a test and forbids any other use.
 */
final class RsaKeys {
    private static final int PRIME_BITS = 1024;
    private static final BigInteger EXPONENT = BigInteger.valueOf(65537);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final List<BigInteger> PRIMES = new ArrayList<>();
    private static int partner;

    private RsaKeys() {}

    static KeyPair next() throws GeneralSecurityException {
        BigInteger p;
        BigInteger q;
        synchronized (PRIMES) {
            while (partner >= PRIMES.size() - 1) {
                partner = 0;
                addPrime();
            }
            p = PRIMES.get(PRIMES.size() - 1);
            q = PRIMES.get(partner++);
        }
        return pair(p.max(q), p.min(q));
    }

    private static void addPrime() {
        BigInteger prime;
        do {
            // With both top bits set the product of two primes has its full 2048 bits.
            prime = new BigInteger(PRIME_BITS, RANDOM)
                    .setBit(PRIME_BITS - 1)
                    .setBit(PRIME_BITS - 2)
                    .nextProbablePrime();
        } while (prime.bitLength() != PRIME_BITS
                || PRIMES.contains(prime)
                || prime.subtract(BigInteger.ONE).mod(EXPONENT).signum() == 0);
        PRIMES.add(prime);
    }

    private static KeyPair pair(BigInteger p, BigInteger q) throws GeneralSecurityException {
        BigInteger modulus = p.multiply(q);
        BigInteger pLess = p.subtract(BigInteger.ONE);
        BigInteger qLess = q.subtract(BigInteger.ONE);
        BigInteger d = EXPONENT.modInverse(pLess.multiply(qLess));
        KeyFactory factory = KeyFactory.getInstance("RSA");
        return new KeyPair(
                factory.generatePublic(new RSAPublicKeySpec(modulus, EXPONENT)),
                factory.generatePrivate(new RSAPrivateCrtKeySpec(
                        modulus, EXPONENT, d, p, q, d.mod(pLess), d.mod(qLess), q.modInverse(p))));
    }
}
