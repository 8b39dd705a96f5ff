package dev.vitrine.study.page;

import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.render.text.VisibleText;
import gg.jte.TemplateOutput;
import gg.jte.html.HtmlTemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Consumer;

/** Self-contained pages made from templates. */
public final class Html {
    private Html() {}

    /** Output of a template: text is escaped by context, invisible characters are shown as their code points. */
    public static String of(Consumer<HtmlTemplateOutput> template) {
        StringOutput text = new StringOutput(1 << 16);
        template.accept(new VisibleOutput(text));
        return text.toString().strip() + "\n";
    }

    private static final class VisibleOutput extends OwaspHtmlTemplateOutput {
        VisibleOutput(TemplateOutput output) {
            super(output);
        }

        @Override
        public void writeUserContent(String text) {
            super.writeUserContent(text == null ? null : VisibleText.page(text));
        }
    }

    /** A picture as a data URL. */
    public static String data(BufferedImage image) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(Png.bytes(image));
    }

    /** The relative URL of a file beside the page. */
    public static String link(String file) {
        try {
            return new URI(null, null, "./" + file, null).toASCIIString();
        } catch (URISyntaxException cause) {
            throw new IllegalArgumentException("file name '" + file + "'", cause);
        }
    }

    /** The text of a class's resource. */
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
