// What the tests use of asl-validator 4.0.0; the package has no types.
declare module 'asl-validator' {
  const validate: (
    definition: object,
    options: { readonly checkPaths: boolean; readonly checkArn: boolean },
  ) => { readonly isValid: boolean; readonly errors: readonly unknown[] };
  export default validate;
}
