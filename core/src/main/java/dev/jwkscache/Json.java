package dev.jwkscache;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;

/** Reads and writes JSON (RFC 8259). */
final class Json {
    private Json() {}

    /**
     * The members of a document that is an object; of a member named twice the last counts.
     *
     * @throws FetchException if it is no JSON object
     */
    static Map<String, Object> object(byte[] document) throws FetchException {
        String text = new String(document, StandardCharsets.UTF_8);
        // RFC 8259 §8.1 lets a reader ignore the byte order mark that a sender must not write.
        String content = text.startsWith("\ufeff") ? text.substring(1) : text;
        // For these looks only: what Java calls blank is more than what JSON does (RFC 8259 §2).
        String start = content.stripLeading();
        if (start.isEmpty()) {
            throw notJson(": it is empty");
        }
        if (start.startsWith("<")) {
            throw notJson(": it looks like HTML or XML");
        }
        // Checked here too, because the parser takes an array of pairs for an object.
        if (!start.startsWith("{")) {
            throw notJson("");
        }
        try {
            return JSONObjectUtils.parse(content);
        } catch (ParseException | RuntimeException | StackOverflowError e) {
            throw notJson("");
        }
    }

    /** An object as compact JSON. */
    static String write(Map<String, Object> object) {
        return JSONObjectUtils.toJSONString(object);
    }

    private static FetchException notJson(String hint) {
        return new FetchException(FailureReason.NOT_JSON, "the document is no JSON object" + hint);
    }
}
