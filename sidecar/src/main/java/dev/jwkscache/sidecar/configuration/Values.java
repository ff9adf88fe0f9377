package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.Transport;
import dev.jwkscache.sidecar.Address;
import dev.jwkscache.sidecar.CommandFailure;
import io.lettuce.core.RedisURI;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads what users wrote into the canonical form of a value, in which two that mean the same are equal: numbers without
 * needless digits, {@code on} and {@code off}, words in order with one space between, header fields one a line.
 */
final class Values {
    private static final int LONGEST_NUMBER = 32;
    private static final int LONGEST_TEXT = 4096;
    private static final String NAME_OR_LITERAL = "[A-Za-z0-9]([A-Za-z0-9._-]{0,252})";
    private static final String IPV6 = "[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]+)?";

    private Values() {}

    /**
     * Reads a value.
     *
     * @return its canonical form
     * @throws IllegalArgumentException whose message goes on after «source is value; it »
     */
    static String read(Setting setting, String text) {
        String value = text.strip();
        if (value.isEmpty()) {
            throw new IllegalArgumentException("must not be empty; leave the setting out for its default");
        }
        if (setting.kind() != ValueKind.HEADERS && value.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("must not have more than " + LONGEST_TEXT + " characters");
        }
        return switch (setting.kind()) {
            case SPAN -> number(value, setting.range(), "a number of seconds", false);
            case BYTES -> number(value, setting.range(), "a whole number of bytes", true);
            case COUNT -> number(value, setting.range(), "a whole number", true);
            case PORT -> number(value, setting.range(), "a port", true);
            case HOST -> host(value);
            case ORIGIN -> origin(value);
            case ADDRESSES -> redis(value);
            case HOST_PORT -> hostAndPort(value);
            case PATH -> path(value);
            case FLAG -> flag(value);
            case CHOICE -> choice(value, setting.bounds());
            case TEXT -> visible(value);
            case WORDS -> setting == Setting.CORS_ORIGINS ? corsOrigins(value) : uses(value);
            case HEADERS -> headers(value);
        };
    }

    private static String number(String value, Range range, String what, boolean whole) {
        if (value.length() <= LONGEST_NUMBER && value.matches("[+-]?[0-9]+(\\.[0-9]+)?")) {
            BigDecimal number = new BigDecimal(value).stripTrailingZeros();
            if (range.contains(number) && number.scale() <= (whole ? 0 : 9)) {
                return number.toPlainString();
            }
        }
        throw new IllegalArgumentException("must be " + what + " from " + range);
    }

    private static String flag(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes" -> "on";
            case "off", "false", "no" -> "off";
            default -> throw new IllegalArgumentException("must be on or off");
        };
    }

    private static String choice(String value, String words) {
        if (List.of(words.split(", ")).contains(value)) {
            return value;
        }
        throw new IllegalArgumentException("must be one of " + words);
    }

    private static String host(String value) {
        String bare = value.startsWith("[") && value.endsWith("]") ? value.substring(1, value.length() - 1) : value;
        if (bare.matches(IPV6) || (bare.equals(value) && bare.matches(NAME_OR_LITERAL))) {
            return bare;
        }
        throw new IllegalArgumentException("must be a host name or an IP address, such as 127.0.0.1, without a port");
    }

    private static String hostAndPort(String value) {
        int colon = value.lastIndexOf(':');
        String host = colon < 0 ? "" : value.substring(0, colon);
        String port = value.substring(colon + 1);
        boolean named = host.matches(NAME_OR_LITERAL) || (host.startsWith("[") && host.endsWith("]"));
        if (named && port.matches("[0-9]{1,5}")) {
            int number = Integer.parseInt(port);
            if (number >= 1 && number <= 65535) {
                return (host.startsWith("[") ? "[" + host(host) + "]" : host) + ":" + number;
            }
        }
        throw new IllegalArgumentException("must be HOST:PORT, such as proxy.example:3128");
    }

    private static String origin(String value) {
        URI address;
        try {
            address = Address.parse(value, true);
        } catch (CommandFailure refused) {
            throw new IllegalArgumentException("must be scheme, host and port, such as https://idp.internal:8443");
        }
        String path = address.getRawPath();
        if (address.getRawQuery() != null || !(path.isEmpty() || path.equals("/"))) {
            throw new IllegalArgumentException("must have no path and no query; name scheme, host and port only");
        }
        String text = address.toString();
        return path.isEmpty() ? text : text.substring(0, text.length() - 1);
    }

    private static String corsOrigins(String value) {
        Set<String> origins = new TreeSet<>();
        for (String word : words(value)) {
            origins.add(word.equals("*") ? word : origin(word).toLowerCase(Locale.ROOT));
        }
        if (origins.size() > 1 && origins.contains("*")) {
            throw new IllegalArgumentException("must be either * or origins");
        }
        return String.join(" ", origins);
    }

    private static String uses(String value) {
        Set<String> uses = new TreeSet<>(words(value));
        if (uses.contains("enc")) {
            throw new IllegalArgumentException(
                    "must not hold enc; keys for encryption are never offered for signatures");
        }
        for (String use : uses) {
            if (!use.matches("[!-~]{1,64}")) {
                throw new IllegalArgumentException("must be words of at most 64 visible ASCII characters, such as sig");
            }
        }
        return String.join(" ", uses);
    }

    private static String visible(String value) {
        if (value.matches("[!-~]{1,100}")) {
            return value;
        }
        throw new IllegalArgumentException("must be 1 to 100 visible ASCII characters");
    }

    private static String path(String value) {
        try {
            if (value.chars().noneMatch(Character::isISOControl)) {
                return Path.of(value).toString();
            }
        } catch (InvalidPathException e) {
            // Told below, together with the other way to be no path.
        }
        throw new IllegalArgumentException("must be a path of this system, without control characters");
    }

    /** Several are divided by spaces, or by commas; but an address of sentinels has commas of its own. */
    private static String redis(String value) {
        Set<String> addresses = new LinkedHashSet<>();
        for (String address : value.split("\\s+|,(?=redis)", -1)) {
            try {
                RedisURI.create(URI.create(address));
            } catch (RuntimeException e) {
                // Its message has the address, and that may have a password.
                throw new IllegalArgumentException(
                        "must be addresses such as redis://HOST:6379, rediss://HOST:6379 for TLS, or"
                                + " redis-sentinel://HOST:26379?sentinelMasterId=NAME");
            }
            addresses.add(address);
        }
        return String.join(" ", addresses);
    }

    private static String headers(String value) {
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : value.split("\\R", -1)) {
            if (line.isBlank()) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IllegalArgumentException("must be one header field a line, written NAME: VALUE");
            }
            String name = line.substring(0, colon).strip();
            String content = line.substring(colon + 1).strip();
            try {
                Transport.standard().header(name, () -> content);
            } catch (IllegalArgumentException refused) {
                throw new IllegalArgumentException("must have other fields: " + refused.getMessage());
            }
            if (content.isEmpty() || content.chars().anyMatch(c -> c != '\t' && (c < ' ' || c > '~'))) {
                throw new IllegalArgumentException("must have printable ASCII as the value of " + name);
            }
            if (fields.put(name, content) != null) {
                throw new IllegalArgumentException("must name the header field " + name + " once");
            }
        }
        List<String> lines = new ArrayList<>();
        fields.forEach((name, content) -> lines.add(name + ": " + content));
        return String.join("\n", lines);
    }

    private static List<String> words(String value) {
        return List.of(value.split("[\\s,]+")).stream()
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
