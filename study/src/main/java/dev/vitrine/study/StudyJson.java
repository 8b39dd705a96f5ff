package dev.vitrine.study;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.render.file.StoredImage;
import dev.vitrine.lens.store.PartStore;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.FromStringDeserializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * Study records as JSON. Output reads back to an equal record: numbers in their shortest exact form, NaN and
 * infinities as strings, graph values as their names, tensors as their shape and base64-encoded bytes,
 * pictures as base64-encoded pixels.
 */
public final class StudyJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .changeDefaultVisibility(visible -> visible.withIsGetterVisibility(Visibility.NONE))
            .addModule(new SimpleModule("tensors")
                    .addSerializer(Tensor.class, new TensorWriter())
                    .addDeserializer(Tensor.class, new TensorReader())
                    .addSerializer(BufferedImage.class, new ImageWriter())
                    .addDeserializer(BufferedImage.class, new ImageReader())
                    .addSerializer(Value.class, new ToStringSerializer(Value.class))
                    .addDeserializer(Value.class, new FromStringDeserializer<>(Value.class) {
                        @Override
                        protected Value _deserialize(String name, DeserializationContext context) {
                            return new Value(name);
                        }
                    }))
            .build();

    private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

    private StudyJson() {}

    static JsonMapper mapper() {
        return MAPPER;
    }

    /** For files read by people and programs: indented, with a trailing newline. */
    public static String text(Object result) {
        return MAPPER.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(result)
                        .replace("\r\n", "\n") + "\n";
    }

    /** {@link #text} with each array element on its own line. */
    public static String lines(Object result) {
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(LINES).withArrayIndenter(LINES);
        return MAPPER.writer().with(printer).writeValueAsString(result) + "\n";
    }

    /** On one line, for scripts of pages. */
    public static String line(Object result) {
        return MAPPER.writeValueAsString(result);
    }

    public static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** Serializes a part of an unfinished study. */
    public static void keep(PartStore store, String name, Object part) {
        store.write(name, bytes(part));
    }

    /** Deserializes such a part. */
    public static <T> Optional<T> kept(PartStore store, String name, Class<T> type) {
        return store.read(name).flatMap(json -> read(json, MAPPER.constructType(type)));
    }

    static byte[] bytes(Object part) {
        return MAPPER.writeValueAsBytes(part);
    }

    /** Empty if malformed. */
    static <T> Optional<T> read(byte[] json, Class<T> type) {
        return read(json, MAPPER.constructType(type));
    }

    /** Empty if malformed. */
    static <T> Optional<T> read(byte[] json, JavaType type) {
        try {
            return Optional.of(MAPPER.readValue(json, type));
        } catch (JacksonException broken) {
            return Optional.empty();
        }
    }

    private static final class TensorWriter extends StdSerializer<Tensor> {
        TensorWriter() {
            super(Tensor.class);
        }

        @Override
        public void serialize(Tensor tensor, JsonGenerator json, SerializationContext context) {
            ByteBuffer bytes = tensor.bytes();
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            json.writeStartObject();
            json.writeStringProperty("type", tensor.elementType().name());
            json.writeName("shape");
            long[] shape = tensor.shape();
            json.writeArray(shape, 0, shape.length);
            json.writeName("bytes");
            json.writeBinary(copy);
            json.writeEndObject();
        }
    }

    private static final class ImageWriter extends StdSerializer<BufferedImage> {
        ImageWriter() {
            super(BufferedImage.class);
        }

        @Override
        public void serialize(BufferedImage image, JsonGenerator json, SerializationContext context) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                StoredImage.write(image, new DataOutputStream(bytes));
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            json.writeBinary(bytes.toByteArray());
        }
    }

    private static final class ImageReader extends StdDeserializer<BufferedImage> {
        ImageReader() {
            super(BufferedImage.class);
        }

        @Override
        public BufferedImage deserialize(JsonParser parser, DeserializationContext context) {
            try {
                return StoredImage.read(new DataInputStream(new ByteArrayInputStream(parser.getBinaryValue())));
            } catch (IOException broken) {
                return context.reportInputMismatch(this, "not a picture: %s", broken.getMessage());
            }
        }
    }

    private static final class TensorReader extends StdDeserializer<Tensor> {
        TensorReader() {
            super(Tensor.class);
        }

        @Override
        public Tensor deserialize(JsonParser parser, DeserializationContext context) {
            JsonNode node = context.readTree(parser);
            ElementType type = ElementType.valueOf(node.get("type").asString());
            long[] shape = new long[node.get("shape").size()];
            for (int axis = 0; axis < shape.length; axis++) {
                shape[axis] = node.get("shape").get(axis).asLong();
            }
            ByteBuffer bytes = Tensor.allocate(type, shape);
            bytes.put(ByteBuffer.wrap(node.get("bytes").binaryValue()).order(ByteOrder.nativeOrder()));
            return Tensor.wrap(type, shape, bytes.clear());
        }
    }
}
