package dev.vitrine.lens.setting;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of records: their components with {@link Setting}, in order. */
public final class Settings {
    private static final ClassValue<List<DeclaredSetting>> DECLARED = new ClassValue<>() {
        @Override
        protected List<DeclaredSetting> computeValue(Class<?> type) {
            List<DeclaredSetting> settings = new ArrayList<>();
            RecordComponent[] components = type.getRecordComponents();
            for (int i = 0; components != null && i < components.length; i++) {
                if (components[i].isAnnotationPresent(Setting.class)) {
                    settings.add(new DeclaredSetting(components[i], i));
                }
            }
            return List.copyOf(settings);
        }
    };

    private Settings() {}

    public static List<DeclaredSetting> of(Class<?> type) {
        return DECLARED.get(type);
    }

    public static Optional<DeclaredSetting> find(Class<?> type, String name) {
        return of(type).stream().filter(setting -> setting.name().equals(name)).findFirst();
    }

    /** A record's settings by name as users write them, without absent ones. */
    public static Map<String, String> texts(Object settings) {
        Map<String, String> texts = new LinkedHashMap<>();
        of(settings.getClass())
                .forEach(setting -> setting.text(settings).ifPresent(text -> texts.put(setting.name(), text)));
        return texts;
    }

    /**
     * For canonical constructors: throws if a setting is out of bounds.
     *
     * @param components all of the record, in order
     */
    public static void require(Class<?> type, Object... components) {
        for (DeclaredSetting setting : of(type)) {
            Object value = components[setting.index()];
            if (!setting.isAllowed(value)) {
                throw new IllegalArgumentException(setting.name() + " " + value + ": expected " + setting.expected());
            }
        }
    }

    /** The same record with another value of one setting; an optional setting takes the bare value. */
    public static <T> T with(T settings, String name, Object value) {
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) settings.getClass();
        DeclaredSetting setting = find(type, name)
                .orElseThrow(
                        () -> new IllegalArgumentException(type.getSimpleName() + " has no setting '" + name + "'"));
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = i == setting.index() ? setting.held(value) : component(components[i], settings);
        }
        try {
            Constructor<T> canonical = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return canonical.newInstance(values);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " has no constructor of its components", e);
        }
    }

    private static Object component(RecordComponent component, Object settings) {
        try {
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("component '" + component.getName() + "' cannot be read", e);
        }
    }
}
