package dev.vitrine.study.page;

import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.render.text.VisibleText;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** What pages that need nothing but themselves are made of. */
public final class Html {
    private Html() {}

    /** From the first byte to the end of the style sheet that all pages share; the caller closes style and head. */
    public static String head(String title) {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta name=\"color-scheme\" content=\"light dark\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:;"
                + " style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                + "<title>" + text(title) + "</title>\n<style>\n" + resource(Html.class, "page.css");
    }

    /** Plain text as markup; characters that are not seen are shown by their codes. */
    public static String text(String plain) {
        return VisibleText.page(plain)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** A picture as an address that holds it. */
    public static String data(BufferedImage image) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(Png.bytes(image));
    }

    /** Names and values. */
    public static String facts(Map<String, String> facts) {
        if (facts.isEmpty()) {
            return "";
        }
        StringBuilder list = new StringBuilder("<dl>\n");
        facts.forEach((name, value) -> list.append("<dt>")
                .append(text(name))
                .append("</dt><dd>")
                .append(text(value))
                .append("</dd>\n"));
        return list.append("</dl>\n").toString();
    }

    /** The text of a file beside a class. */
    public static String resource(Class<?> beside, String name) {
        try (InputStream stream = beside.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource " + name + " beside " + beside);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
