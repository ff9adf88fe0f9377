package dev.jwkscache;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Any address of a key set: fit to be fetched, or refused without telling a password. */
class AddressFuzzTest {
    private static final String PASSWORD = "s3cretOfSomebody";

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    @DictionaryFile(resourcePath = "addresses.dict")
    void anAddressIsFitOrRefusedWithoutItsPassword(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        // As it is, or with a password in it: «https://x/» becomes «https://u:pw@x/».
        int user = text.indexOf("//");
        String secret =
                user < 0 ? text : text.substring(0, user + 2) + "somebody:" + PASSWORD + '@' + text.substring(user + 2);
        for (String address : Held.of(List.of(text, secret), octets.length)) {
            for (boolean plainHttp : Held.of(List.of(false, true), octets.length / 2)) {
                check(address, plainHttp);
            }
        }
    }

    private static void check(String text, boolean plainHttp) {
        URI address;
        try {
            address = new URI(text);
        } catch (URISyntaxException | NumberFormatException noAddress) {
            return;
        }
        // In a query, a fragment or an opaque address it is no password.
        boolean secret =
                address.getRawAuthority() != null && address.getRawAuthority().contains(PASSWORD);
        List<String> faults = new ArrayList<>();
        judge(address, plainHttp, faults);
        if (faults.isEmpty()) {
            String scheme = address.getScheme().toLowerCase(Locale.ROOT);
            Held.that(scheme.equals("https") || scheme.equals("http"), "http or https", address);
            Held.that(scheme.equals("https") || plainHttp || isLoopback(address), "encrypted or at home", address);
            Held.that(address.getHost() != null && !address.getHost().isEmpty(), "a host", address);
            Held.that(address.getRawUserInfo() == null, "no user name", address);
            Held.that(address.getRawFragment() == null, "no fragment", address);
            HttpRequest.newBuilder(address);
            Held.that(SafeText.withoutQuery(address).getRawQuery() == null, "without its query", address);
        }
        for (String fault : faults) {
            Held.message(fault, Held.QUOTED + 250);
            Held.that(!secret || !fault.contains(PASSWORD), "a password is told", fault);
        }
    }

    private static void judge(URI address, boolean plainHttp, List<String> faults) {
        Addresses.check(address, plainHttp, faults);
    }

    private static boolean isLoopback(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.startsWith("127.") || host.endsWith(":1]");
    }
}
