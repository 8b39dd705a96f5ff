package dev.vitrine.lens.setting;

import dev.vitrine.engine.VitrineException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** A setting as declared by a record component. */
public final class DeclaredSetting {
    private static final List<Class<?>> WHOLE = List.of(int.class, long.class, OptionalInt.class);
    private static final List<Class<?>> REAL = List.of(double.class, OptionalDouble.class);

    private static final int LEVELS = 255;
    private static final int LONG_DECIMAL = 10;

    private final String name;
    private final int index;
    private final Class<?> component;
    private final Class<?> type;
    private final Method accessor;
    private final Setting declared;

    DeclaredSetting(RecordComponent component, int index) {
        this.index = index;
        this.component = component.getType();
        this.type = this.component == Optional.class ? argument(component.getGenericType()) : this.component;
        this.accessor = component.getAccessor();
        this.declared = component.getAnnotation(Setting.class);
        this.name = declared.name().isEmpty()
                ? component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT)
                : declared.name();
    }

    private static Class<?> argument(Type optional) {
        return (Class<?>) ((ParameterizedType) optional).getActualTypeArguments()[0];
    }

    public String name() {
        return name;
    }

    /** Of its values; of those that may be there, for an optional setting. */
    public Class<?> type() {
        return type;
    }

    public String meaning() {
        return declared.meaning();
    }

    public String label() {
        return declared.label();
    }

    public String otherwise() {
        return declared.otherwise();
    }

    /** Whether {@link #parse} can tell a value from its text; a list is one of numbers. */
    public boolean isText() {
        return WHOLE.contains(type)
                || REAL.contains(type)
                || type == List.class
                || type == String.class
                || type.isEnum();
    }

    int index() {
        return index;
    }

    /** A record's value as users write it; empty if an optional setting is not given. */
    public Optional<String> text(Object settings) {
        return present(value(settings)).map(DeclaredSetting::word);
    }

    Object value(Object settings) {
        try {
            return accessor.invoke(settings);
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new IllegalStateException("component '" + name + "' cannot be read", e);
        }
    }

    private static Optional<Object> present(Object value) {
        if (value instanceof OptionalInt number) {
            return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
        }
        if (value instanceof OptionalDouble number) {
            return number.isPresent() ? Optional.of(number.getAsDouble()) : Optional.empty();
        }
        return value instanceof Optional<?> any ? any.map(inner -> inner) : Optional.of(value);
    }

    private static String word(Object value) {
        if (value instanceof Labeled labeled) {
            return labeled.label();
        }
        if (value instanceof List<?> several) {
            return several.stream().map(DeclaredSetting::word).collect(Collectors.joining(","));
        }
        if (value instanceof Double number) {
            return fraction(number);
        }
        return value instanceof Enum<?> choice
                ? choice.name().toLowerCase(Locale.ROOT).replace('_', '-')
                : value.toString();
    }

    /** As a fraction of 255 where that is what it is, such as 8/255. */
    private static String fraction(double number) {
        String decimal = Double.toString(number);
        double levels = Math.rint(number * LEVELS);
        return levels / LEVELS == number && decimal.length() > LONG_DECIMAL ? (long) levels + "/" + LEVELS : decimal;
    }

    /**
     * The value that a text stands for; a usage error that says what was expected where it stands for none. Only for
     * numbers, words and closed choices: others need more than their text.
     *
     * @param option the setting's name as given by the user, for the message
     * @param standard its default value
     */
    public Object parse(String option, String text, Optional<String> standard) {
        try {
            Object value = value(text.strip());
            if (isAllowed(value)) {
                return value;
            }
        } catch (IllegalArgumentException notOne) {
            // Told below, as a value out of bounds is.
        }
        throw VitrineException.usage(option + " " + text + ": expected " + expected()
                + standard.filter(usual -> !type.isEnum())
                        .map(usual -> ", such as " + usual)
                        .orElse("")
                + ".");
    }

    private Object value(String text) {
        if (type == int.class || type == OptionalInt.class) {
            return Integer.parseInt(text);
        }
        if (type == long.class) {
            return Long.parseLong(text);
        }
        if (REAL.contains(type)) {
            return number(text);
        }
        if (type == List.class) {
            return Arrays.stream(text.split(",")).map(Double::valueOf).toList();
        }
        if (type == String.class) {
            return text;
        }
        return Arrays.stream(choices())
                .filter(choice -> word(choice).equalsIgnoreCase(Spelling.american(text)))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }

    /** A number or a fraction, such as 8/255. */
    private static double number(String text) {
        int over = text.indexOf('/');
        return over < 0
                ? Double.parseDouble(text)
                : Double.parseDouble(text.substring(0, over)) / Double.parseDouble(text.substring(over + 1));
    }

    private Object[] choices() {
        if (!type.isEnum()) {
            throw new IllegalStateException("setting '" + name + "' of " + type + " cannot be read from a text");
        }
        return type.getEnumConstants();
    }

    /** As the component's type: wrapped in an optional if it is optional. */
    Object held(Object value) {
        if (component == OptionalInt.class && value instanceof Integer number) {
            return OptionalInt.of(number);
        }
        if (component == OptionalDouble.class && value instanceof Double number) {
            return OptionalDouble.of(number);
        }
        return component == Optional.class && !(value instanceof Optional) ? Optional.of(value) : value;
    }

    /** Whether a value is within bounds; an absent value is. */
    boolean isAllowed(Object value) {
        if (value instanceof List<?> several) {
            return !several.isEmpty() && several.stream().allMatch(this::isAllowed);
        }
        return present(value)
                .filter(Number.class::isInstance)
                .map(number -> ((Number) number).doubleValue())
                .map(number -> number >= declared.least()
                        && number > declared.above()
                        && number < declared.below()
                        && number <= declared.most()
                        && (declared.least() == Double.NEGATIVE_INFINITY || number < Double.POSITIVE_INFINITY))
                .orElse(true);
    }

    /** Description of the allowed values, for messages: {@code a whole number from 1 up}. */
    public String expected() {
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(choices()).map(DeclaredSetting::word).collect(Collectors.joining(", "));
        }
        if (type == List.class) {
            return "numbers above " + plain(declared.above()) + ", with commas between them";
        }
        String kind = WHOLE.contains(type) ? "a whole number" : "a number";
        if (declared.most() < Double.POSITIVE_INFINITY && declared.least() > Double.NEGATIVE_INFINITY) {
            return kind + " from " + plain(declared.least()) + " to " + plain(declared.most());
        }
        if (declared.most() < Double.POSITIVE_INFINITY) {
            return kind + " above " + plain(declared.above()) + ", up to " + plain(declared.most());
        }
        boolean bounded = declared.below() < Double.POSITIVE_INFINITY;
        if (declared.above() > Double.NEGATIVE_INFINITY) {
            return kind
                    + (bounded
                            ? " between " + plain(declared.above()) + " and " + plain(declared.below())
                            : " above " + plain(declared.above()));
        }
        if (declared.least() > Double.NEGATIVE_INFINITY) {
            return kind + " from " + plain(declared.least())
                    + (bounded ? " to below " + plain(declared.below()) : " up");
        }
        return kind;
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
